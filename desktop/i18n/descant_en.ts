<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>AboutPage</name>
    <message>
        <source>Music from a sentence, a melody, a story, a picture or a film.</source>
        <translation>Music from a sentence, a melody, a story, a picture or a film.</translation>
    </message>
    <message>
        <source>This app opens no network connection.</source>
        <translation>This app opens no network connection.</translation>
    </message>
    <message>
        <source>What you write, sing and make stays on this machine. Nothing is counted, nothing is sent, and it works the same without a cable.</source>
        <translation>What you write, sing and make stays on this machine. Nothing is counted, nothing is sent, and it works the same without a cable.</translation>
    </message>
    <message>
        <source>Search components and licences</source>
        <translation>Search components and licences</translation>
    </message>
    <message>
        <source>Installed components</source>
        <translation>Installed components</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>Licences</translation>
    </message>
    <message>
        <source>descant is under the MIT licence; what you make with it is yours. It stands on the work of others, all of which is listed here as it is installed. Choose one to read its text.</source>
        <translation>descant is under the MIT licence; what you make with it is yours. It stands on the work of others, all of which is listed here as it is installed. Choose one to read its text.</translation>
    </message>
    <message>
        <source>Component</source>
        <translation>Component</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Licence</translation>
    </message>
    <message>
        <source>Version {0} · Qt {1}</source>
        <translation>Version {0} · Qt {1}</translation>
    </message>
</context>
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
    <name>BenchPage</name>
    <message>
        <source>Bench</source>
        <translation>Bench</translation>
    </message>
    <message>
        <source>How fast this machine makes music, measured as on the command line. The card names the machine, not you.</source>
        <translation>How fast this machine makes music, measured as on the command line. The card names the machine, not you.</translation>
    </message>
    <message>
        <source>Nothing was measured yet</source>
        <translation>Nothing was measured yet</translation>
    </message>
    <message>
        <source>A quick bench takes about a minute and ends with a card to share. Drop the .json of another machine here to compare the two.</source>
        <translation>A quick bench takes about a minute and ends with a card to share. Drop the .json of another machine here to compare the two.</translation>
    </message>
    <message>
        <source>Measured here</source>
        <translation>Measured here</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Stopped.</translation>
    </message>
    <message>
        <source>Two benches</source>
        <translation>Two benches</translation>
    </message>
    <message>
        <source>The card is on the clipboard</source>
        <translation>The card is on the clipboard</translation>
    </message>
    <message>
        <source>Save the bench</source>
        <translation>Save the bench</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>Saved as {0}</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copy</translation>
    </message>
    <message>
        <source>Copy the card</source>
        <translation>Copy the card</translation>
    </message>
    <message>
        <source>Save …</source>
        <translation>Save …</translation>
    </message>
    <message>
        <source>Save the card</source>
        <translation>Save the card</translation>
    </message>
    <message>
        <source>Also as a page with charts (.html) or figures (.json).</source>
        <translation>Also as a page with charts (.html) or figures (.json).</translation>
    </message>
    <message>
        <source>{0}: {1} seconds of audio per second</source>
        <translation>{0}: {1} seconds of audio per second</translation>
    </message>
</context>
<context>
    <name>BenchRow</name>
    <message>
        <source>{0} s of audio per second</source>
        <translation>{0} s of audio per second</translation>
    </message>
    <message>
        <source>Incomplete</source>
        <translation>Incomplete</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Show</translation>
    </message>
    <message>
        <source>Show the card of {0}</source>
        <translation>Show the card of {0}</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Compare</translation>
    </message>
    <message>
        <source>Compare {0} with the report that is shown</source>
        <translation>Compare {0} with the report that is shown</translation>
    </message>
    <message>
        <source>Delete the report of {0}</source>
        <translation>Delete the report of {0}</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Delete</translation>
    </message>
</context>
<context>
    <name>BenchRun</name>
    <message>
        <source>Measure this machine</source>
        <translation>Measure this machine</translation>
    </message>
    <message>
        <source>On the processor, and on what the automatic choice takes if that is another.</source>
        <translation>On the processor, and on what the automatic choice takes if that is another.</translation>
    </message>
    <message>
        <source>How thoroughly</source>
        <translation>How thoroughly</translation>
    </message>
    <message>
        <source>Quick: 5 runs, a first impression</source>
        <translation>Quick: 5 runs, a first impression</translation>
    </message>
    <message>
        <source>Whole: 30 runs, figures to compare</source>
        <translation>Whole: 30 runs, figures to compare</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Measure</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stop</translation>
    </message>
    <message>
        <source>Stop measuring</source>
        <translation>Stop measuring</translation>
    </message>
    <message>
        <source>Progress of the bench</source>
        <translation>Progress of the bench</translation>
    </message>
    <message>
        <source>Starting …</source>
        <translation>Starting …</translation>
    </message>
    <message>
        <source>Music that is made meanwhile makes the figures worse.</source>
        <translation>Music that is made meanwhile makes the figures worse.</translation>
    </message>
    <message>
        <source>Stopping; what was measured is kept …</source>
        <translation>Stopping; what was measured is kept …</translation>
    </message>
</context>
<context>
    <name>CompareSwitch</name>
    <message>
        <source>Compare …</source>
        <translation>Compare …</translation>
    </message>
    <message>
        <source>Hear another take at the same place, equally loud</source>
        <translation>Hear another take at the same place, equally loud</translation>
    </message>
    <message>
        <source>End the comparison</source>
        <translation>End the comparison</translation>
    </message>
    <message>
        <source>Hear “{0}” (A)</source>
        <translation>Hear “{0}” (A)</translation>
    </message>
    <message>
        <source>Hear “{0}” (B)</source>
        <translation>Hear “{0}” (B)</translation>
    </message>
    <message>
        <source>A: {0}</source>
        <translation>A: {0}</translation>
    </message>
    <message>
        <source>B: {0}</source>
        <translation>B: {0}</translation>
    </message>
</context>
<context>
    <name>DeviceCard</name>
    <message>
        <source>Looking …</source>
        <translation>Looking …</translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation>Copy the command</translation>
    </message>
    <message>
        <source>Here it takes: {0}</source>
        <translation>Here it takes: {0}</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Ready</translation>
    </message>
    <message>
        <source>Can't be used here</source>
        <translation>Can't be used here</translation>
    </message>
</context>
<context>
    <name>Devices</name>
    <message>
        <source>Automatic</source>
        <translation>Automatic</translation>
    </message>
    <message>
        <source>The fastest that works; another takes over when it fails.</source>
        <translation>The fastest that works; another takes over when it fails.</translation>
    </message>
    <message>
        <source>NVIDIA RTX with TensorRT-RTX</source>
        <translation>NVIDIA RTX with TensorRT-RTX</translation>
    </message>
    <message>
        <source>Graphs compiled for the card; engines built ahead start at once.</source>
        <translation>Graphs compiled for the card; engines built ahead start at once.</translation>
    </message>
    <message>
        <source>NVIDIA with CUDA</source>
        <translation>NVIDIA with CUDA</translation>
    </message>
    <message>
        <source>Any newer NVIDIA card, without compiling.</source>
        <translation>Any newer NVIDIA card, without compiling.</translation>
    </message>
    <message>
        <source>NVIDIA with TensorRT</source>
        <translation>NVIDIA with TensorRT</translation>
    </message>
    <message>
        <source>Compiles for minutes at every new length.</source>
        <translation>Compiles for minutes at every new length.</translation>
    </message>
    <message>
        <source>Intel with OpenVINO</source>
        <translation>Intel with OpenVINO</translation>
    </message>
    <message>
        <source>Processors and graphics of Intel's.</source>
        <translation>Processors and graphics of Intel's.</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Processor</translation>
    </message>
    <message>
        <source>Works everywhere; music comes faster than it plays.</source>
        <translation>Works everywhere; music comes faster than it plays.</translation>
    </message>
</context>
<context>
    <name>DevicesPage</name>
    <message>
        <source>Look again</source>
        <translation>Look again</translation>
    </message>
    <message>
        <source>After something was installed or a card was plugged in</source>
        <translation>After something was installed or a card was plugged in</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Devices</translation>
    </message>
    <message>
        <source>Where the music is computed. Everything happens on this machine.</source>
        <translation>Where the music is computed. Everything happens on this machine.</translation>
    </message>
    <message>
        <source>Trying …</source>
        <translation>Trying …</translation>
    </message>
    <message>
        <source>Not decided yet</source>
        <translation>Not decided yet</translation>
    </message>
    <message>
        <source>The pack is opened when the first music is made.</source>
        <translation>The pack is opened when the first music is made.</translation>
    </message>
    <message>
        <source>Try every device</source>
        <translation>Try every device</translation>
    </message>
    <message>
        <source>Makes a second of music on each and compares what comes out</source>
        <translation>Makes a second of music on each and compares what comes out</translation>
    </message>
    <message>
        <source>What computes now</source>
        <translation>What computes now</translation>
    </message>
    <message>
        <source>Computes on: {0}</source>
        <translation>Computes on: {0}</translation>
    </message>
    <message>
        <source>No music can be made at the moment</source>
        <translation>No music can be made at the moment</translation>
    </message>
    <message>
        <source>The engines are ready</source>
        <translation>The engines are ready</translation>
    </message>
    <message>
        <source>The trial failed: {0}</source>
        <translation>The trial failed: {0}</translation>
    </message>
    <message>
        <source>✓ A second of music in {0:.2f} s, with loading</source>
        <translation>✓ A second of music in {0:.2f} s, with loading</translation>
    </message>
    <message>
        <source>sounds like the processor's</source>
        <translation>sounds like the processor's</translation>
    </message>
    <message>
        <source>does not sound like the processor's</source>
        <translation>does not sound like the processor's</translation>
    </message>
</context>
<context>
    <name>Dialog</name>
    <message>
        <source>Cancel</source>
        <translation>Cancel</translation>
    </message>
</context>
<context>
    <name>EnginePanel</name>
    <message>
        <source>Engines for NVIDIA cards</source>
        <translation>Engines for NVIDIA cards</translation>
    </message>
    <message>
        <source>An engine is a network compiled for the card. It is built once, beside the music, which goes on on the processor or with CUDA meanwhile.</source>
        <translation>An engine is a network compiled for the card. It is built once, beside the music, which goes on on the processor or with CUDA meanwhile.</translation>
    </message>
    <message>
        <source>Looking for engines …</source>
        <translation>Looking for engines …</translation>
    </message>
    <message>
        <source>Progress of the build</source>
        <translation>Progress of the build</translation>
    </message>
    <message>
        <source>Build engines</source>
        <translation>Build engines</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stop</translation>
    </message>
    <message>
        <source>Stop building engines</source>
        <translation>Stop building engines</translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation>Copy the command</translation>
    </message>
    <message>
        <source>None of this pack's {0} networks has one yet.</source>
        <translation>None of this pack's {0} networks has one yet.</translation>
    </message>
    <message>
        <source>{0} of this pack's {1} networks have one.</source>
        <translation>{0} of this pack's {1} networks have one.</translation>
    </message>
    <message>
        <source>Others are not used: {0}.</source>
        <translation>Others are not used: {0}.</translation>
    </message>
    <message>
        <source>Nothing here uses them at the moment; they can be built all the same and carried to a machine with a card.</source>
        <translation>Nothing here uses them at the moment; they can be built all the same and carried to a machine with a card.</translation>
    </message>
    <message>
        <source>Building {0} · {1} s</source>
        <translation>Building {0} · {1} s</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>Stopping …</translation>
    </message>
    <message>
        <source>Stopped. Engines that were done are kept.</source>
        <translation>Stopped. Engines that were done are kept.</translation>
    </message>
    <message>
        <source>✓ {0} engines are ready, {1} of them built now. {2} in {3}</source>
        <translation>✓ {0} engines are ready, {1} of them built now. {2} in {3}</translation>
    </message>
    <message>
        <source>{0} does not exist for this kind of machine.</source>
        <translation>{0} does not exist for this kind of machine.</translation>
    </message>
    <message>
        <source>{0} is not installed. To install it: {1}</source>
        <translation>{0} is not installed. To install it: {1}</translation>
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
    <name>ExportName</name>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>Replace the file?</source>
        <translation>Replace the file?</translation>
    </message>
    <message>
        <source>“{0}” is there already. What is in it will be lost.</source>
        <translation>“{0}” is there already. What is in it will be lost.</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Replace</translation>
    </message>
</context>
<context>
    <name>ExportStrip</name>
    <message>
        <source>Progress of the export</source>
        <translation>Progress of the export</translation>
    </message>
    <message>
        <source>Reads the take for {0}</source>
        <translation>Reads the take for {0}</translation>
    </message>
    <message>
        <source>Looks through the film for {0}</source>
        <translation>Looks through the film for {0}</translation>
    </message>
    <message>
        <source>Writes {0}</source>
        <translation>Writes {0}</translation>
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
    <name>HoldCard</name>
    <message>
        <source>The queue waits: the pack can't be opened</source>
        <translation>The queue waits: the pack can't be opened</translation>
    </message>
    <message>
        <source>The queue waits: a take could not be saved</source>
        <translation>The queue waits: a take could not be saved</translation>
    </message>
    <message>
        <source>From last time</source>
        <translation>From last time</translation>
    </message>
    <message>
        <source>This was still waiting when descant ended.</source>
        <translation>This was still waiting when descant ended.</translation>
    </message>
    <message>
        <source>Make it</source>
        <translation>Make it</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Try again</translation>
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
    <message>
        <source>as the film</source>
        <translation>as the film</translation>
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
    <name>LibraryOpener</name>
    <message>
        <source>There is no library: {0} {1}</source>
        <translation>There is no library: {0} {1}</translation>
    </message>
    <message>
        <source>The library can't be used: {0} New takes are kept in {1} and move into the library when it is back at a start.</source>
        <translation>The library can't be used: {0} New takes are kept in {1} and move into the library when it is back at a start.</translation>
    </message>
    <message>
        <source>Takes in {0} could not be moved into the library: {1}</source>
        <translation>Takes in {0} could not be moved into the library: {1}</translation>
    </message>
    <message>
        <source>Takes that were kept elsewhere are in the library now: {0}</source>
        <translation>Takes that were kept elsewhere are in the library now: {0}</translation>
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
        <source>Empty…</source>
        <translation>Empty…</translation>
    </message>
    <message>
        <source>Remove all deleted takes for good</source>
        <translation>Remove all deleted takes for good</translation>
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
    <message>
        <source>What was asked for is not known</source>
        <translation>What was asked for is not known</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Starting …</source>
        <translation>Starting …</translation>
    </message>
    <message>
        <source>Takes go elsewhere</source>
        <translation>Takes go elsewhere</translation>
    </message>
    <message>
        <source>There is no library</source>
        <translation>There is no library</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Settings</translation>
    </message>
    <message>
        <source>Ready · computes on {0}</source>
        <translation>Ready · computes on {0}</translation>
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
    <name>MelodyBar</name>
    <message>
        <source>Edited</source>
        <translation>Edited</translation>
    </message>
    <message>
        <source>Undo (Ctrl+Z)</source>
        <translation>Undo (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Redo (Ctrl+Shift+Z)</source>
        <translation>Redo (Ctrl+Shift+Z)</translation>
    </message>
    <message>
        <source>All notes a semitone lower</source>
        <translation>All notes a semitone lower</translation>
    </message>
    <message>
        <source>All notes a semitone higher</source>
        <translation>All notes a semitone higher</translation>
    </message>
    <message>
        <source>Listen to the melody alone (Enter)</source>
        <translation>Listen to the melody alone (Enter)</translation>
    </message>
    <message>
        <source>Next match</source>
        <translation>Next match</translation>
    </message>
    <message>
        <source>Show the next melody that fits the words</source>
        <translation>Show the next melody that fits the words</translation>
    </message>
    <message>
        <source>Make with this melody</source>
        <translation>Make with this melody</translation>
    </message>
    <message>
        <source>Queue a take of the same words that follows this melody</source>
        <translation>Queue a take of the same words that follows this melody</translation>
    </message>
    <message>
        <source>Snap to</source>
        <translation>Snap to</translation>
    </message>
    <message>
        <source>Notes snap to this length; hold Alt to place them freely</source>
        <translation>Notes snap to this length; hold Alt to place them freely</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>Free</translation>
    </message>
    <message>
        <source>Keep this melody for the next takes</source>
        <translation>Keep this melody for the next takes</translation>
    </message>
    <message>
        <source>Melody</source>
        <translation>Melody</translation>
    </message>
</context>
<context>
    <name>MelodyDesk</name>
    <message>
        <source>given with the request</source>
        <translation>given with the request</translation>
    </message>
    <message>
        <source>none is known; double-click below to write one</source>
        <translation>none is known; double-click below to write one</translation>
    </message>
    <message>
        <source>Earlier changes</source>
        <translation>Earlier changes</translation>
    </message>
    <message>
        <source>Next match</source>
        <translation>Next match</translation>
    </message>
    <message>
        <source>{0} · fit {1:.2f}</source>
        <translation>{0} · fit {1:.2f}</translation>
    </message>
</context>
<context>
    <name>MelodyModel</name>
    <message>
        <source>Transpose</source>
        <translation>Transpose</translation>
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
    <name>News</name>
    <message>
        <source>Stop</source>
        <translation>Stop</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Progress</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Close</translation>
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
    <name>Output</name>
    <message>
        <source>No sound: {0} is not installed. Everything else works.</source>
        <translation>No sound: {0} is not installed. Everything else works.</translation>
    </message>
    <message>
        <source>No sound: this computer has no audio output.</source>
        <translation>No sound: this computer has no audio output.</translation>
    </message>
    <message>
        <source>No sound: “{0}” is not connected. Choose another output.</source>
        <translation>No sound: “{0}” is not connected. Choose another output.</translation>
    </message>
    <message>
        <source>No sound: the audio output is not usable ({0}).</source>
        <translation>No sound: the audio output is not usable ({0}).</translation>
    </message>
    <message>
        <source>No sound: the audio output was disconnected.</source>
        <translation>No sound: the audio output was disconnected.</translation>
    </message>
</context>
<context>
    <name>OutputBox</name>
    <message>
        <source>Audio output</source>
        <translation>Audio output</translation>
    </message>
    <message>
        <source>System output</source>
        <translation>System output</translation>
    </message>
</context>
<context>
    <name>PackCard</name>
    <message>
        <source>Progress of the check</source>
        <translation>Progress of the check</translation>
    </message>
    <message>
        <source>Checking every file and loading every graph …</source>
        <translation>Checking every file and loading every graph …</translation>
    </message>
    <message>
        <source>Licence of {0}</source>
        <translation>Licence of {0}</translation>
    </message>
    <message>
        <source>Version {0}</source>
        <translation>Version {0}</translation>
    </message>
    <message>
        <source>What it can do</source>
        <translation>What it can do</translation>
    </message>
    <message>
        <source>Licence: {0}</source>
        <translation>Licence: {0}</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>In use</translation>
    </message>
    <message>
        <source>Damaged</source>
        <translation>Damaged</translation>
    </message>
    <message>
        <source>Built in</source>
        <translation>Built in</translation>
    </message>
    <message>
        <source>Use this pack</source>
        <translation>Use this pack</translation>
    </message>
    <message>
        <source>Use {0}</source>
        <translation>Use {0}</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Check</translation>
    </message>
    <message>
        <source>Check {0}</source>
        <translation>Check {0}</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stop</translation>
    </message>
    <message>
        <source>Stop checking {0}</source>
        <translation>Stop checking {0}</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Licence</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Remove</translation>
    </message>
    <message>
        <source>Remove {0}</source>
        <translation>Remove {0}</translation>
    </message>
</context>
<context>
    <name>Packs</name>
    <message>
        <source>Words</source>
        <translation>Words</translation>
    </message>
    <message>
        <source>Stories</source>
        <translation>Stories</translation>
    </message>
    <message>
        <source>Melodies (MIDI)</source>
        <translation>Melodies (MIDI)</translation>
    </message>
    <message>
        <source>Humming</source>
        <translation>Humming</translation>
    </message>
    <message>
        <source>Sounds</source>
        <translation>Sounds</translation>
    </message>
    <message>
        <source>Pictures and films</source>
        <translation>Pictures and films</translation>
    </message>
    <message>
        <source>Changes recordings</source>
        <translation>Changes recordings</translation>
    </message>
    <message>
        <source>Writes notes</source>
        <translation>Writes notes</translation>
    </message>
    <message>
        <source>Melody library</source>
        <translation>Melody library</translation>
    </message>
    <message>
        <source>mono</source>
        <translation>mono</translation>
    </message>
    <message>
        <source>stereo</source>
        <translation>stereo</translation>
    </message>
    <message>
        <source>{0} channels</source>
        <translation>{0} channels</translation>
    </message>
    <message>
        <source>clips of {0:g} to {1:g} s in one piece</source>
        <translation>clips of {0:g} to {1:g} s in one piece</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Licence</translation>
    </message>
    <message>
        <source>Trained on</source>
        <translation>Trained on</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>Family</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Place</translation>
    </message>
    <message>
        <source>Fingerprint (SHA-256 of its manifest)</source>
        <translation>Fingerprint (SHA-256 of its manifest)</translation>
    </message>
</context>
<context>
    <name>PacksPage</name>
    <message>
        <source>Install a pack …</source>
        <translation>Install a pack …</translation>
    </message>
    <message>
        <source>Packs</source>
        <translation>Packs</translation>
    </message>
    <message>
        <source>A pack holds the networks that make the music. What it has learned from and its licence travel with it.</source>
        <translation>A pack holds the networks that make the music. What it has learned from and its licence travel with it.</translation>
    </message>
    <message>
        <source>Packs (*.descant pack.json)</source>
        <translation>Packs (*.descant pack.json)</translation>
    </message>
    <message>
        <source>Install a pack</source>
        <translation>Install a pack</translation>
    </message>
    <message>
        <source>{0} makes the music from now on</source>
        <translation>{0} makes the music from now on</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>Open the folder</translation>
    </message>
    <message>
        <source>Drop a .descant file or a pack's folder here to install it</source>
        <translation>Drop a .descant file or a pack's folder here to install it</translation>
    </message>
    <message>
        <source>Checking and copying {0} …</source>
        <translation>Checking and copying {0} …</translation>
    </message>
    <message>
        <source>{0} is installed</source>
        <translation>{0} is installed</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>Use it</translation>
    </message>
    <message>
        <source>{0} was not installed. {1}</source>
        <translation>{0} was not installed. {1}</translation>
    </message>
    <message>
        <source>Choose another pack below, or another device.</source>
        <translation>Choose another pack below, or another device.</translation>
    </message>
    <message>
        <source>Whole: {0} files, {1} graphs load</source>
        <translation>Whole: {0} files, {1} graphs load</translation>
    </message>
    <message>
        <source>, {0} melodies</source>
        <translation>, {0} melodies</translation>
    </message>
    <message>
        <source>{0} was removed</source>
        <translation>{0} was removed</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Undo</translation>
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
    <message>
        <source>Take</source>
        <translation>Take</translation>
    </message>
    <message>
        <source>Packs</source>
        <translation>Packs</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Devices</translation>
    </message>
    <message>
        <source>Bench</source>
        <translation>Bench</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Settings</translation>
    </message>
    <message>
        <source>About</source>
        <translation>About</translation>
    </message>
</context>
<context>
    <name>PianoRoll</name>
    <message>
        <source>Melody</source>
        <translation>Melody</translation>
    </message>
    <message>
        <source>Velocity</source>
        <translation>Velocity</translation>
    </message>
    <message>
        <source>Listen</source>
        <translation>Listen</translation>
    </message>
    <message>
        <source>Octave up</source>
        <translation>Octave up</translation>
    </message>
    <message>
        <source>Octave down</source>
        <translation>Octave down</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Delete</translation>
    </message>
    <message>
        <source>{0} notes, {1} selected.</source>
        <translation>{0} notes, {1} selected.</translation>
    </message>
    <message>
        <source>{0} at beat {1:g}, {2:g} beats long, velocity {3}.</source>
        <translation>{0} at beat {1:g}, {2:g} beats long, velocity {3}.</translation>
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
        <source>Try again</source>
        <translation>Try again</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Change</translation>
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
        <source>Alt with up or down changes the order, Delete cancels; Return tries again what failed, F2 changes it</source>
        <translation>Alt with up or down changes the order, Delete cancels; Return tries again what failed, F2 changes it</translation>
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
</context>
<context>
    <name>RollKeys</name>
    <message>
        <source>Delete notes</source>
        <translation>Delete notes</translation>
    </message>
    <message>
        <source>Change velocity</source>
        <translation>Change velocity</translation>
    </message>
    <message>
        <source>Change length</source>
        <translation>Change length</translation>
    </message>
    <message>
        <source>Move notes</source>
        <translation>Move notes</translation>
    </message>
    <message>
        <source>Add note</source>
        <translation>Add note</translation>
    </message>
</context>
<context>
    <name>RollMouse</name>
    <message>
        <source>Add note</source>
        <translation>Add note</translation>
    </message>
    <message>
        <source>Move notes</source>
        <translation>Move notes</translation>
    </message>
    <message>
        <source>Change length</source>
        <translation>Change length</translation>
    </message>
    <message>
        <source>Change velocity</source>
        <translation>Change velocity</translation>
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
    <name>SettingsPage</name>
    <message>
        <source>Reset all</source>
        <translation>Reset all</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Settings</translation>
    </message>
    <message>
        <source>Changes hold at once, where nothing else is said.</source>
        <translation>Changes hold at once, where nothing else is said.</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Appearance</translation>
    </message>
    <message>
        <source>Music</source>
        <translation>Music</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Folders</translation>
    </message>
    <message>
        <source>All settings are as they were at first</source>
        <translation>All settings are as they were at first</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Undo</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Theme</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Light</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dark</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Language</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Size</translation>
    </message>
    <message>
        <source>Less motion</source>
        <translation>Less motion</translation>
    </message>
    <message>
        <source>Holds after the next start.</source>
        <translation>Holds after the next start.</translation>
    </message>
    <message>
        <source>As the system has it, or always the same.</source>
        <translation>As the system has it, or always the same.</translation>
    </message>
    <message>
        <source>Of everything in the window.</source>
        <translation>Of everything in the window.</translation>
    </message>
    <message>
        <source>Motion</source>
        <translation>Motion</translation>
    </message>
    <message>
        <source>Nothing slides or fades.</source>
        <translation>Nothing slides or fades.</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Output</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Microphone</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Device</translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation>Choose …</translation>
    </message>
    <message>
        <source>Choose a pack</source>
        <translation>Choose a pack</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>Why?</translation>
    </message>
    <message>
        <source>Why a device can't be used</source>
        <translation>Why a device can't be used</translation>
    </message>
    <message>
        <source>Where takes are heard.</source>
        <translation>Where takes are heard.</translation>
    </message>
    <message>
        <source>What hears you hum.</source>
        <translation>What hears you hum.</translation>
    </message>
    <message>
        <source>What computes the music.</source>
        <translation>What computes the music.</translation>
    </message>
    <message>
        <source>Pack</source>
        <translation>Pack</translation>
    </message>
    <message>
        <source>What makes the music.</source>
        <translation>What makes the music.</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Library</translation>
    </message>
    <message>
        <source>Where takes are kept. Holds after the next start.</source>
        <translation>Where takes are kept. Holds after the next start.</translation>
    </message>
    <message>
        <source>Packs</source>
        <translation>Packs</translation>
    </message>
    <message>
        <source>Packs that you install.</source>
        <translation>Packs that you install.</translation>
    </message>
    <message>
        <source>Change …</source>
        <translation>Change …</translation>
    </message>
    <message>
        <source>Change the folder of {0}</source>
        <translation>Change the folder of {0}</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>Open the folder of {0}</source>
        <translation>Open the folder of {0}</translation>
    </message>
    <message>
        <source>The folder is made when something is put into it</source>
        <translation>The folder is made when something is put into it</translation>
    </message>
    <message>
        <source>As the system has it</source>
        <translation>As the system has it</translation>
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
        <source>Save</source>
        <translation>Save</translation>
    </message>
    <message>
        <source>The tags that all {0} takes have, with commas between them. What you add or take away changes in each of them; their other tags stay.</source>
        <translation>The tags that all {0} takes have, with commas between them. What you add or take away changes in each of them; their other tags stay.</translation>
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
    <message>
        <source>Not saved</source>
        <translation>Not saved</translation>
    </message>
    <message>
        <source>Save again</source>
        <translation>Save again</translation>
    </message>
</context>
<context>
    <name>TakeChanges</name>
    <message>
        <source>“{0}” is deleted.</source>
        <translation>“{0}” is deleted.</translation>
    </message>
    <message>
        <source>{0} takes are deleted.</source>
        <translation>{0} takes are deleted.</translation>
    </message>
    <message>
        <source>“{0}” has other tags.</source>
        <translation>“{0}” has other tags.</translation>
    </message>
    <message>
        <source>{0} takes have other tags.</source>
        <translation>{0} takes have other tags.</translation>
    </message>
    <message>
        <source>1 take is gone for good.</source>
        <translation>1 take is gone for good.</translation>
    </message>
    <message>
        <source>{0} takes are gone for good.</source>
        <translation>{0} takes are gone for good.</translation>
    </message>
    <message>
        <source>Another program holds files of the others open.</source>
        <translation>Another program holds files of the others open.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Undo</translation>
    </message>
</context>
<context>
    <name>TakeCommands</name>
    <message>
        <source>Open</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Play</translation>
    </message>
    <message>
        <source>More like this</source>
        <translation>More like this</translation>
    </message>
    <message>
        <source>Vary</source>
        <translation>Vary</translation>
    </message>
    <message>
        <source>Vary a little</source>
        <translation>Vary a little</translation>
    </message>
    <message>
        <source>Vary a lot</source>
        <translation>Vary a lot</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Continue</translation>
    </message>
    <message>
        <source>Replace region…</source>
        <translation>Replace region…</translation>
    </message>
    <message>
        <source>Change and make again</source>
        <translation>Change and make again</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>Favourite</translation>
    </message>
    <message>
        <source>Tags…</source>
        <translation>Tags…</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Rename</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Export…</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Show in folder</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Delete</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Restore</translation>
    </message>
    <message>
        <source>Delete for good…</source>
        <translation>Delete for good…</translation>
    </message>
    <message>
        <source>The audio file is missing.</source>
        <translation>The audio file is missing.</translation>
    </message>
    <message>
        <source>This pack can't start from a recording. Choose another one, such as starter.</source>
        <translation>This pack can't start from a recording. Choose another one, such as starter.</translation>
    </message>
    <message>
        <source>This pack can't go on from a recording. The starter pack can.</source>
        <translation>This pack can't go on from a recording. The starter pack can.</translation>
    </message>
    <message>
        <source>This pack does not hear sounds, and the take was made without words.</source>
        <translation>This pack does not hear sounds, and the take was made without words.</translation>
    </message>
    <message>
        <source>Choose a take first.</source>
        <translation>Choose a take first.</translation>
    </message>
    <message>
        <source>Choose one take only.</source>
        <translation>Choose one take only.</translation>
    </message>
    <message>
        <source>Restore the take first.</source>
        <translation>Restore the take first.</translation>
    </message>
    <message>
        <source>It is not deleted.</source>
        <translation>It is not deleted.</translation>
    </message>
</context>
<context>
    <name>TakeCompare</name>
    <message>
        <source>There is no other take yet</source>
        <translation>There is no other take yet</translation>
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
    <name>TakeDetailsCard</name>
    <message>
        <source>About this take</source>
        <translation>About this take</translation>
    </message>
    <message>
        <source>How it was made</source>
        <translation>How it was made</translation>
    </message>
    <message>
        <source>Melody used</source>
        <translation>Melody used</translation>
    </message>
    <message>
        <source>Time it took</source>
        <translation>Time it took</translation>
    </message>
    <message>
        <source>Copy the receipt</source>
        <translation>Copy the receipt</translation>
    </message>
    <message>
        <source>Request, seed and pack as JSON: enough to make it again</source>
        <translation>Request, seed and pack as JSON: enough to make it again</translation>
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
        <source>{0:g} bpm</source>
        <translation>{0:g} bpm</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Key</translation>
    </message>
    <message>
        <source>Metre</source>
        <translation>Metre</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>Pack</source>
        <translation>Pack</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Device</translation>
    </message>
    <message>
        <source>Seam</source>
        <translation>Seam</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Title</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Fit</translation>
    </message>
    <message>
        <source>Style</source>
        <translation>Style</translation>
    </message>
    <message>
        <source>Written in</source>
        <translation>Written in</translation>
    </message>
    <message>
        <source>Written at</source>
        <translation>Written at</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Licence</translation>
    </message>
    <message>
        <source>Understand</source>
        <translation>Understand</translation>
    </message>
    <message>
        <source>Prepare</source>
        <translation>Prepare</translation>
    </message>
    <message>
        <source>Compose</source>
        <translation>Compose</translation>
    </message>
    <message>
        <source>Decode</source>
        <translation>Decode</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Sound</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>Finish</translation>
    </message>
    <message>
        <source>In all</source>
        <translation>In all</translation>
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
    <name>TakeHead</name>
    <message>
        <source>More like this</source>
        <translation>More like this</translation>
    </message>
    <message>
        <source>The same wish, another seed</source>
        <translation>The same wish, another seed</translation>
    </message>
    <message>
        <source>Vary</source>
        <translation>Vary</translation>
    </message>
    <message>
        <source>Close to this take, yet another</source>
        <translation>Close to this take, yet another</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Continue</translation>
    </message>
    <message>
        <source>Go on where it ends</source>
        <translation>Go on where it ends</translation>
    </message>
    <message>
        <source>Replace region</source>
        <translation>Replace region</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>Save as audio, notes or film</source>
        <translation>Save as audio, notes or film</translation>
    </message>
    <message>
        <source>Back to the library</source>
        <translation>Back to the library</translation>
    </message>
    <message>
        <source>Make the marked part anew and keep the rest</source>
        <translation>Make the marked part anew and keep the rest</translation>
    </message>
    <message>
        <source>Drag over the waveform to mark what should be made anew</source>
        <translation>Drag over the waveform to mark what should be made anew</translation>
    </message>
</context>
<context>
    <name>TakePage</name>
    <message>
        <source>No take is open</source>
        <translation>No take is open</translation>
    </message>
    <message>
        <source>Open one from the library, or make one: it will sound and show here.</source>
        <translation>Open one from the library, or make one: it will sound and show here.</translation>
    </message>
    <message>
        <source>Make music</source>
        <translation>Make music</translation>
    </message>
    <message>
        <source>{0} (own melody)</source>
        <translation>{0} (own melody)</translation>
    </message>
    <message>
        <source>“{0}” is in the queue.</source>
        <translation>“{0}” is in the queue.</translation>
    </message>
</context>
<context>
    <name>TakeWords</name>
    <message>
        <source>Today, {0}</source>
        <translation>Today, {0}</translation>
    </message>
    <message>
        <source>Yesterday, {0}</source>
        <translation>Yesterday, {0}</translation>
    </message>
    <message>
        <source>{0} BPM</source>
        <translation>{0} BPM</translation>
    </message>
    <message>
        <source>Loop</source>
        <translation>Loop</translation>
    </message>
    <message>
        <source>{0} seconds</source>
        <translation>{0} seconds</translation>
    </message>
    <message>
        <source>favourite</source>
        <translation>favourite</translation>
    </message>
    <message>
        <source>tags: {0}</source>
        <translation>tags: {0}</translation>
    </message>
    <message>
        <source>the audio file is missing</source>
        <translation>the audio file is missing</translation>
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
        <source>There is nothing here that can play.</source>
        <translation>There is nothing here that can play.</translation>
    </message>
    <message>
        <source>“{0}” is in the queue.</source>
        <translation>“{0}” is in the queue.</translation>
    </message>
    <message>
        <source>Delete for good?</source>
        <translation>Delete for good?</translation>
    </message>
    <message>
        <source>The take and its files are removed. This can't be undone.</source>
        <translation>The take and its files are removed. This can't be undone.</translation>
    </message>
    <message>
        <source>{0} takes and their files are removed. This can't be undone.</source>
        <translation>{0} takes and their files are removed. This can't be undone.</translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation>Delete for good</translation>
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
    <name>TextDialog</name>
    <message>
        <source>Copy</source>
        <translation>Copy</translation>
    </message>
    <message>
        <source>Copy the text</source>
        <translation>Copy the text</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Close</translation>
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
    <name>Transport</name>
    <message>
        <source>Loop (L)</source>
        <translation>Loop (L)</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>Position</translation>
    </message>
    <message>
        <source>Play (space)</source>
        <translation>Play (space)</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Volume</translation>
    </message>
    <message>
        <source>A bar back</source>
        <translation>A bar back</translation>
    </message>
    <message>
        <source>A bar on</source>
        <translation>A bar on</translation>
    </message>
    <message>
        <source>Pause (space)</source>
        <translation>Pause (space)</translation>
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
