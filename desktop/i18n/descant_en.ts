<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>AutoSlider</name>
    <message>
        <source>Leave it to the pack</source>
        <translation>Leave it to the pack</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>Auto</translation>
    </message>
</context>
<context>
    <name>AutoSpin</name>
    <message>
        <source>Auto</source>
        <translation>Auto</translation>
    </message>
</context>
<context>
    <name>FileChip</name>
    <message>
        <source>Remove {0}</source>
        <translation>Remove {0}</translation>
    </message>
</context>
<context>
    <name>HumBox</name>
    <message>
        <source>Hum it</source>
        <translation>Hum it</translation>
    </message>
    <message>
        <source>Records a tune from the microphone</source>
        <translation>Records a tune from the microphone</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stop</translation>
    </message>
</context>
<context>
    <name>Inputs</name>
    <message>
        <source>Pictures</source>
        <translation>Pictures</translation>
    </message>
    <message>
        <source>Drop some, or click</source>
        <translation>Drop some, or click</translation>
    </message>
    <message>
        <source>Film</source>
        <translation>Film</translation>
    </message>
    <message>
        <source>Music as long as it</source>
        <translation>Music as long as it</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Sound</translation>
    </message>
    <message>
        <source>Something to sound like</source>
        <translation>Something to sound like</translation>
    </message>
</context>
<context>
    <name>Keys</name>
    <message>
        <source>{0} major</source>
        <translation>{0} major</translation>
    </message>
    <message>
        <source>{0} minor</source>
        <translation>{0} minor</translation>
    </message>
    <message>
        <source>C</source>
        <translation>C</translation>
    </message>
    <message>
        <source>C♯</source>
        <translation>C♯</translation>
    </message>
    <message>
        <source>D♭</source>
        <translation>D♭</translation>
    </message>
    <message>
        <source>D</source>
        <translation>D</translation>
    </message>
    <message>
        <source>E♭</source>
        <translation>E♭</translation>
    </message>
    <message>
        <source>E</source>
        <translation>E</translation>
    </message>
    <message>
        <source>F</source>
        <translation>F</translation>
    </message>
    <message>
        <source>F♯</source>
        <translation>F♯</translation>
    </message>
    <message>
        <source>G</source>
        <translation>G</translation>
    </message>
    <message>
        <source>G♯</source>
        <translation>G♯</translation>
    </message>
    <message>
        <source>A♭</source>
        <translation>A♭</translation>
    </message>
    <message>
        <source>A</source>
        <translation>A</translation>
    </message>
    <message>
        <source>B♭</source>
        <translation>B♭</translation>
    </message>
    <message>
        <source>B</source>
        <translation>B</translation>
    </message>
</context>
<context>
    <name>LengthField</name>
    <message>
        <source>Length</source>
        <translation>Length</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>seconds</translation>
    </message>
    <message>
        <source>bars</source>
        <translation>bars</translation>
    </message>
    <message>
        <source>Unit of the length</source>
        <translation>Unit of the length</translation>
    </message>
</context>
<context>
    <name>LevelMeter</name>
    <message>
        <source>Level of the microphone</source>
        <translation>Level of the microphone</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Starting …</source>
        <translation>Starting …</translation>
    </message>
    <message>
        <source>Ready · computes on {0}</source>
        <translation>Ready · computes on {0}</translation>
    </message>
    <message>
        <source>The sound device is gone ({0}).</source>
        <translation>The sound device is gone ({0}).</translation>
    </message>
    <message>
        <source>Not ready</source>
        <translation>Not ready</translation>
    </message>
</context>
<context>
    <name>MakePage</name>
    <message>
        <source>A tale, a scene, a text that the music should go with</source>
        <translation>A tale, a scene, a text that the music should go with</translation>
    </message>
    <message>
        <source>Story</source>
        <translation>Story</translation>
    </message>
    <message>
        <source>Add a story</source>
        <translation>Add a story</translation>
    </message>
    <message>
        <source>Number of takes</source>
        <translation>Number of takes</translation>
    </message>
    <message>
        <source>Say what to play, or bring a picture, a film, a sound or a melody.</source>
        <translation>Say what to play, or bring a picture, a film, a sound or a melody.</translation>
    </message>
    <message>
        <source>What should it sound like?</source>
        <translation>What should it sound like?</translation>
    </message>
    <message>
        <source>Make music</source>
        <translation>Make music</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>Takes</source>
        <translation>Takes</translation>
    </message>
</context>
<context>
    <name>MelodyZone</name>
    <message>
        <source>Melody</source>
        <translation>Melody</translation>
    </message>
    <message>
        <source>A MIDI file, or your voice</source>
        <translation>A MIDI file, or your voice</translation>
    </message>
</context>
<context>
    <name>NowPanel</name>
    <message>
        <source>Being made</source>
        <translation>Being made</translation>
    </message>
    <message>
        <source>Just made</source>
        <translation>Just made</translation>
    </message>
    <message>
        <source>Your music turns up here</source>
        <translation>Your music turns up here</translation>
    </message>
    <message>
        <source>Write what you want to hear, or drop a picture, and press Make music. Everything is computed on this machine.</source>
        <translation>Write what you want to hear, or drop a picture, and press Make music. Everything is computed on this machine.</translation>
    </message>
</context>
<context>
    <name>Pages</name>
    <message>
        <source>Make</source>
        <translation>Make</translation>
    </message>
</context>
<context>
    <name>PromptBox</name>
    <message>
        <source>Instruments, mood, style, tempo: calm piano in the rain</source>
        <translation>Instruments, mood, style, tempo: calm piano in the rain</translation>
    </message>
    <message>
        <source>What to play</source>
        <translation>What to play</translation>
    </message>
    <message>
        <source>Example: {0}</source>
        <translation>Example: {0}</translation>
    </message>
</context>
<context>
    <name>Queue</name>
    <message>
        <source>Waits</source>
        <translation>Waits</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Failed</translation>
    </message>
    <message>
        <source>take {0} of {1}</source>
        <translation>take {0} of {1}</translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation>{0} left</translation>
    </message>
    <message>
        <source>Loads the pack</source>
        <translation>Loads the pack</translation>
    </message>
    <message>
        <source>Looks for a melody</source>
        <translation>Looks for a melody</translation>
    </message>
    <message>
        <source>Looks at the pictures</source>
        <translation>Looks at the pictures</translation>
    </message>
    <message>
        <source>Composes</source>
        <translation>Composes</translation>
    </message>
    <message>
        <source>Plays it</source>
        <translation>Plays it</translation>
    </message>
    <message>
        <source>Saves</source>
        <translation>Saves</translation>
    </message>
</context>
<context>
    <name>QueueView</name>
    <message>
        <source>Queue</source>
        <translation>Queue</translation>
    </message>
    <message>
        <source>Alt with up or down changes the order, Delete cancels</source>
        <translation>Alt with up or down changes the order, Delete cancels</translation>
    </message>
</context>
<context>
    <name>SeedField</name>
    <message>
        <source>Seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>Roll another seed</source>
        <translation>Roll another seed</translation>
    </message>
    <message>
        <source>Keep this seed</source>
        <translation>Keep this seed</translation>
    </message>
</context>
<context>
    <name>SideBar</name>
    <message>
        <source>State of the engine</source>
        <translation>State of the engine</translation>
    </message>
</context>
<context>
    <name>SpectrogramView</name>
    <message>
        <source>Spectrogram</source>
        <translation>Spectrogram</translation>
    </message>
</context>
<context>
    <name>TakeCard</name>
    <message>
        <source>Play {0}</source>
        <translation>Play {0}</translation>
    </message>
    <message>
        <source>{0} · seed {1}</source>
        <translation>{0} · seed {1}</translation>
    </message>
</context>
<context>
    <name>TimePlot</name>
    <message>
        <source>No region is marked.</source>
        <translation>No region is marked.</translation>
    </message>
    <message>
        <source>Marked from {0} to {1}.</source>
        <translation>Marked from {0} to {1}.</translation>
    </message>
</context>
<context>
    <name>TimeRuler</name>
    <message>
        <source>Time axis</source>
        <translation>Time axis</translation>
    </message>
    <message>
        <source>Bar {0}</source>
        <translation>Bar {0}</translation>
    </message>
</context>
<context>
    <name>WaveformView</name>
    <message>
        <source>Waveform</source>
        <translation>Waveform</translation>
    </message>
    <message>
        <source>Click to move there, drag to mark a loop, turn the wheel to zoom.</source>
        <translation>Click to move there, drag to mark a loop, turn the wheel to zoom.</translation>
    </message>
</context>
<context>
    <name>WishFields</name>
    <message>
        <source> bpm</source>
        <translation> bpm</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>Auto</translation>
    </message>
    <message>
        <source>Loop without a seam</source>
        <translation>Loop without a seam</translation>
    </message>
    <message>
        <source>More</source>
        <translation>More</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Length</translation>
    </message>
    <message>
        <source>Tempo</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Key</translation>
    </message>
    <message>
        <source>drums, distortion</source>
        <translation>drums, distortion</translation>
    </message>
    <message>
        <source>How closely it follows the melody</source>
        <translation>How closely it follows the melody</translation>
    </message>
    <message>
        <source>How much pictures and film count</source>
        <translation>How much pictures and film count</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>Steps: more is finer and slower</source>
        <translation>Steps: more is finer and slower</translation>
    </message>
    <message>
        <source>How closely it follows the words</source>
        <translation>How closely it follows the words</translation>
    </message>
    <message>
        <source>What to keep away from</source>
        <translation>What to keep away from</translation>
    </message>
    <message>
        <source>Bars are as long as the tempo says.</source>
        <translation>Bars are as long as the tempo says.</translation>
    </message>
</context>
</TS>
