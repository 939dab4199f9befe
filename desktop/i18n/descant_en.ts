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
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>Film</source>
        <translation>Film</translation>
    </message>
    <message>
        <source>Leave the film's own sound out</source>
        <translation>Leave the film's own sound out</translation>
    </message>
    <message>
        <source>File</source>
        <translation>File</translation>
    </message>
    <message>
        <source>Needs PyAV: pip install 'descant[media]'</source>
        <translation>Needs PyAV: pip install 'descant[media]'</translation>
    </message>
    <message>
        <source>The pack that made this take knows no notes.</source>
        <translation>The pack that made this take knows no notes.</translation>
    </message>
    <message>
        <source>24 bit, as it is kept</source>
        <translation>24 bit, as it is kept</translation>
    </message>
    <message>
        <source>16 bit, smaller</source>
        <translation>16 bit, smaller</translation>
    </message>
    <message>
        <source>Bit depth</source>
        <translation>Bit depth</translation>
    </message>
    <message>
        <source> dB</source>
        <translation> dB</translation>
    </message>
    <message>
        <source>Music over the film's own sound</source>
        <translation>Music over the film's own sound</translation>
    </message>
    <message>
        <source>Music louder by</source>
        <translation>Music louder by</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Browse…</translation>
    </message>
    <message>
        <source>Browse for {0}</source>
        <translation>Browse for {0}</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>For music programs. A loop keeps its loop points.</source>
        <translation>For music programs. A loop keeps its loop points.</translation>
    </message>
    <message>
        <source>Half the size of WAV, and nothing is lost.</source>
        <translation>Half the size of WAV, and nothing is lost.</translation>
    </message>
    <message>
        <source>Small, for games and the web; a little is lost.</source>
        <translation>Small, for games and the web; a little is lost.</translation>
    </message>
    <message>
        <source>The notes that sound, for other instruments.</source>
        <translation>The notes that sound, for other instruments.</translation>
    </message>
    <message>
        <source>A film with this music; its pictures are copied as they are.</source>
        <translation>A film with this music; its pictures are copied as they are.</translation>
    </message>
    <message>
        <source>Films ({0})</source>
        <translation>Films ({0})</translation>
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
    <name>LibraryPage</name>
    <message>
        <source>Takes</source>
        <translation>Takes</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Library</translation>
    </message>
    <message>
        <source>Nothing here yet</source>
        <translation>Nothing here yet</translation>
    </message>
    <message>
        <source>Everything you make is kept here, with its recipe. It stays on this machine.</source>
        <translation>Everything you make is kept here, with its recipe. It stays on this machine.</translation>
    </message>
    <message>
        <source>Make music</source>
        <translation>Make music</translation>
    </message>
    <message>
        <source>No take fits</source>
        <translation>No take fits</translation>
    </message>
    <message>
        <source>Try fewer or other words: each must begin a word of title, prompt or tags.</source>
        <translation>Try fewer or other words: each must begin a word of title, prompt or tags.</translation>
    </message>
    <message>
        <source>Show all takes</source>
        <translation>Show all takes</translation>
    </message>
    <message>
        <source>Nothing is deleted</source>
        <translation>Nothing is deleted</translation>
    </message>
    <message>
        <source>Takes that you delete stay here for 30 days and can be restored.</source>
        <translation>Takes that you delete stay here for 30 days and can be restored.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Undo</translation>
    </message>
    <message>
        <source>1 take</source>
        <translation>1 take</translation>
    </message>
    <message>
        <source>{0} takes</source>
        <translation>{0} takes</translation>
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
        <source>And all else that was asked for then</source>
        <translation>And all else that was asked for then</translation>
    </message>
    <message>
        <source>Click to leave it out</source>
        <translation>Click to leave it out</translation>
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
    <message>
        <source>Library</source>
        <translation>Library</translation>
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
    <name>RegionDialog</name>
    <message>
        <source>Replace region</source>
        <translation>Replace region</translation>
    </message>
    <message>
        <source>Which part is made anew?</source>
        <translation>Which part is made anew?</translation>
    </message>
    <message>
        <source>The rest of the take stays. Mark a part with the mouse, or type.</source>
        <translation>The rest of the take stays. Mark a part with the mouse, or type.</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Replace</translation>
    </message>
    <message>
        <source>From</source>
        <translation>From</translation>
    </message>
    <message>
        <source>To</source>
        <translation>To</translation>
    </message>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source>&amp;From</source>
        <translation>&amp;From</translation>
    </message>
    <message>
        <source>&amp;To</source>
        <translation>&amp;To</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancel</translation>
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
    <name>TagsDialog</name>
    <message>
        <source>Tags</source>
        <translation>Tags</translation>
    </message>
    <message>
        <source>Words to find it by, with commas between them.</source>
        <translation>Words to find it by, with commas between them.</translation>
    </message>
    <message>
        <source>night, boss fight</source>
        <translation>night, boss fight</translation>
    </message>
    <message>
        <source>Tags, with commas between them</source>
        <translation>Tags, with commas between them</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Save</translation>
    </message>
</context>
<context>
    <name>TakeBar</name>
    <message>
        <source>What to do with the chosen take</source>
        <translation>What to do with the chosen take</translation>
    </message>
    <message>
        <source>{0} takes chosen</source>
        <translation>{0} takes chosen</translation>
    </message>
    <message>
        <source>More</source>
        <translation>More</translation>
    </message>
    <message>
        <source>More to do with the take</source>
        <translation>More to do with the take</translation>
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
    <name>TakeDelegate</name>
    <message>
        <source>Title</source>
        <translation>Title</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>Favourite</translation>
    </message>
    <message>
        <source>Add star</source>
        <translation>Add star</translation>
    </message>
    <message>
        <source>The audio file is missing</source>
        <translation>The audio file is missing</translation>
    </message>
</context>
<context>
    <name>TakeFilters</name>
    <message>
        <source>Favourites</source>
        <translation>Favourites</translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation>Deleted</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>Tag</translation>
    </message>
    <message>
        <source>All tags</source>
        <translation>All tags</translation>
    </message>
    <message>
        <source>Search titles, words and tags</source>
        <translation>Search titles, words and tags</translation>
    </message>
    <message>
        <source>Search the library</source>
        <translation>Search the library</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Search</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Order</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Newest first</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>Oldest first</translation>
    </message>
    <message>
        <source>By title</source>
        <translation>By title</translation>
    </message>
    <message>
        <source>Longest first</source>
        <translation>Longest first</translation>
    </message>
    <message>
        <source>Favourites first</source>
        <translation>Favourites first</translation>
    </message>
</context>
<context>
    <name>TakeWork</name>
    <message>
        <source>{0} (more)</source>
        <translation>{0} (more)</translation>
    </message>
    <message>
        <source>{0} (variation)</source>
        <translation>{0} (variation)</translation>
    </message>
    <message>
        <source>{0} (next)</source>
        <translation>{0} (next)</translation>
    </message>
    <message>
        <source>“{0}” is deleted.</source>
        <translation>“{0}” is deleted.</translation>
    </message>
    <message>
        <source>{0} takes are deleted.</source>
        <translation>{0} takes are deleted.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Undo</translation>
    </message>
    <message>
        <source>Writing {0} …</source>
        <translation>Writing {0} …</translation>
    </message>
    <message>
        <source>There is nothing here that can play.</source>
        <translation>There is nothing here that can play.</translation>
    </message>
    <message>
        <source>“{0}” is in the queue.</source>
        <translation>“{0}” is in the queue.</translation>
    </message>
    <message>
        <source>{0} is written.</source>
        <translation>{0} is written.</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Show in folder</translation>
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
