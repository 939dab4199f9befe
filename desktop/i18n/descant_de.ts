<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AutoSlider</name>
    <message>
        <source>Leave it to the pack</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Auto</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AutoSpin</name>
    <message>
        <source>Auto</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FileChip</name>
    <message>
        <source>Remove {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HumBox</name>
    <message>
        <source>Hum it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Records a tune from the microphone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Inputs</name>
    <message>
        <source>Pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop some, or click</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Film</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Music as long as it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sound</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something to sound like</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Keys</name>
    <message>
        <source>{0} major</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} minor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C♯</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>D♭</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>D</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E♭</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>F</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>F♯</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>G</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>G♯</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A♭</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>B♭</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>B</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LengthField</name>
    <message>
        <source>Length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bars</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unit of the length</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LevelMeter</name>
    <message>
        <source>Level of the microphone</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Starting …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready · computes on {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sound device is gone ({0}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not ready</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MakePage</name>
    <message>
        <source>A tale, a scene, a text that the music should go with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Story</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a story</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of takes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Say what to play, or bring a picture, a film, a sound or a melody.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What should it sound like?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make music</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Takes</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MelodyZone</name>
    <message>
        <source>Melody</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A MIDI file, or your voice</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NowPanel</name>
    <message>
        <source>Being made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Just made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your music turns up here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write what you want to hear, or drop a picture, and press Make music. Everything is computed on this machine.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Pages</name>
    <message>
        <source>Make</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PromptBox</name>
    <message>
        <source>Instruments, mood, style, tempo: calm piano in the rain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What to play</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Example: {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Queue</name>
    <message>
        <source>Waits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>take {0} of {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loads the pack</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looks for a melody</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looks at the pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Composes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plays it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saves</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>QueueView</name>
    <message>
        <source>Queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alt with up or down changes the order, Delete cancels</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SeedField</name>
    <message>
        <source>Seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Roll another seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep this seed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SideBar</name>
    <message>
        <source>State of the engine</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TakeCard</name>
    <message>
        <source>Play {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} · seed {1}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WishFields</name>
    <message>
        <source> bpm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Auto</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loop without a seam</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tempo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>drums, distortion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How closely it follows the melody</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much pictures and film count</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps: more is finer and slower</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How closely it follows the words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What to keep away from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bars are as long as the tempo says.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
