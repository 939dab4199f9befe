<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AutoSlider</name>
    <message>
        <source>Leave it to the pack</source>
        <translation>Dem Paket überlassen</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>Automatisch</translation>
    </message>
</context>
<context>
    <name>AutoSpin</name>
    <message>
        <source>Auto</source>
        <translation>Automatisch</translation>
    </message>
</context>
<context>
    <name>FileChip</name>
    <message>
        <source>Remove {0}</source>
        <translation>{0} entfernen</translation>
    </message>
</context>
<context>
    <name>HumBox</name>
    <message>
        <source>Hum it</source>
        <translation>Summen</translation>
    </message>
    <message>
        <source>Records a tune from the microphone</source>
        <translation>Nimmt eine Melodie mit dem Mikrofon auf</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
</context>
<context>
    <name>Inputs</name>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Drop some, or click</source>
        <translation>Ablegen oder klicken</translation>
    </message>
    <message>
        <source>Film</source>
        <translation>Film</translation>
    </message>
    <message>
        <source>Music as long as it</source>
        <translation>Musik in seiner Länge</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Klang</translation>
    </message>
    <message>
        <source>Something to sound like</source>
        <translation>So soll es klingen</translation>
    </message>
</context>
<context>
    <name>Keys</name>
    <message>
        <source>{0} major</source>
        <translation>{0}-Dur</translation>
    </message>
    <message>
        <source>{0} minor</source>
        <translation>{0}-Moll</translation>
    </message>
    <message>
        <source>C</source>
        <translation>C</translation>
    </message>
    <message>
        <source>C♯</source>
        <translation>Cis</translation>
    </message>
    <message>
        <source>D♭</source>
        <translation>Des</translation>
    </message>
    <message>
        <source>D</source>
        <translation>D</translation>
    </message>
    <message>
        <source>E♭</source>
        <translation>Es</translation>
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
        <translation>Fis</translation>
    </message>
    <message>
        <source>G</source>
        <translation>G</translation>
    </message>
    <message>
        <source>G♯</source>
        <translation>Gis</translation>
    </message>
    <message>
        <source>A♭</source>
        <translation>As</translation>
    </message>
    <message>
        <source>A</source>
        <translation>A</translation>
    </message>
    <message>
        <source>B♭</source>
        <translation>B</translation>
    </message>
    <message>
        <source>B</source>
        <translation>H</translation>
    </message>
</context>
<context>
    <name>LengthField</name>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>Sekunden</translation>
    </message>
    <message>
        <source>bars</source>
        <translation>Takte</translation>
    </message>
    <message>
        <source>Unit of the length</source>
        <translation>Einheit der Länge</translation>
    </message>
</context>
<context>
    <name>LevelMeter</name>
    <message>
        <source>Level of the microphone</source>
        <translation>Pegel des Mikrofons</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Starting …</source>
        <translation>Startet …</translation>
    </message>
    <message>
        <source>Ready · computes on {0}</source>
        <translation>Bereit · rechnet auf {0}</translation>
    </message>
    <message>
        <source>The sound device is gone ({0}).</source>
        <translation>Das Tongerät ist weg ({0}).</translation>
    </message>
    <message>
        <source>Not ready</source>
        <translation>Nicht bereit</translation>
    </message>
</context>
<context>
    <name>MakePage</name>
    <message>
        <source>A tale, a scene, a text that the music should go with</source>
        <translation>Eine Geschichte, eine Szene, ein Text, zu dem die Musik passen soll</translation>
    </message>
    <message>
        <source>Story</source>
        <translation>Geschichte</translation>
    </message>
    <message>
        <source>Add a story</source>
        <translation>Eine Geschichte dazu</translation>
    </message>
    <message>
        <source>Number of takes</source>
        <translation>Anzahl der Aufnahmen</translation>
    </message>
    <message>
        <source>Say what to play, or bring a picture, a film, a sound or a melody.</source>
        <translation>Sag, was erklingen soll, oder gib ein Bild, einen Film, einen Klang oder eine Melodie dazu.</translation>
    </message>
    <message>
        <source>What should it sound like?</source>
        <translation>Wie soll es klingen?</translation>
    </message>
    <message>
        <source>Make music</source>
        <translation>Musik machen</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Strg+Eingabe</translation>
    </message>
    <message>
        <source>Takes</source>
        <translation>Aufnahmen</translation>
    </message>
</context>
<context>
    <name>MelodyZone</name>
    <message>
        <source>Melody</source>
        <translation>Melodie</translation>
    </message>
    <message>
        <source>A MIDI file, or your voice</source>
        <translation>MIDI-Datei oder deine Stimme</translation>
    </message>
</context>
<context>
    <name>NowPanel</name>
    <message>
        <source>Being made</source>
        <translation>Entsteht gerade</translation>
    </message>
    <message>
        <source>Just made</source>
        <translation>Gerade entstanden</translation>
    </message>
    <message>
        <source>Your music turns up here</source>
        <translation>Hier erscheint deine Musik</translation>
    </message>
    <message>
        <source>Write what you want to hear, or drop a picture, and press Make music. Everything is computed on this machine.</source>
        <translation>Schreib, was du hören möchtest, oder leg ein Bild ab, und drück auf „Musik machen“. Alles wird auf diesem Rechner berechnet.</translation>
    </message>
</context>
<context>
    <name>Pages</name>
    <message>
        <source>Make</source>
        <translation>Machen</translation>
    </message>
</context>
<context>
    <name>PromptBox</name>
    <message>
        <source>Instruments, mood, style, tempo: calm piano in the rain</source>
        <translation>Instrumente, Stimmung, Stil, Tempo (auf Englisch): calm piano in the rain</translation>
    </message>
    <message>
        <source>What to play</source>
        <translation>Was erklingen soll</translation>
    </message>
    <message>
        <source>Example: {0}</source>
        <translation>Beispiel: {0}</translation>
    </message>
</context>
<context>
    <name>Queue</name>
    <message>
        <source>Waits</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>take {0} of {1}</source>
        <translation>Aufnahme {0} von {1}</translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation>noch {0}</translation>
    </message>
    <message>
        <source>Loads the pack</source>
        <translation>Lädt das Paket</translation>
    </message>
    <message>
        <source>Looks for a melody</source>
        <translation>Sucht eine Melodie</translation>
    </message>
    <message>
        <source>Looks at the pictures</source>
        <translation>Sieht die Bilder an</translation>
    </message>
    <message>
        <source>Composes</source>
        <translation>Komponiert</translation>
    </message>
    <message>
        <source>Plays it</source>
        <translation>Spielt es ein</translation>
    </message>
    <message>
        <source>Saves</source>
        <translation>Speichert</translation>
    </message>
</context>
<context>
    <name>QueueView</name>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>Alt with up or down changes the order, Delete cancels</source>
        <translation>Alt mit Auf oder Ab ändert die Reihenfolge, Entf bricht ab</translation>
    </message>
</context>
<context>
    <name>SeedField</name>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Roll another seed</source>
        <translation>Anderen Startwert würfeln</translation>
    </message>
    <message>
        <source>Keep this seed</source>
        <translation>Diesen Startwert behalten</translation>
    </message>
</context>
<context>
    <name>SideBar</name>
    <message>
        <source>State of the engine</source>
        <translation>Zustand der Rechenmaschine</translation>
    </message>
</context>
<context>
    <name>SpectrogramView</name>
    <message>
        <source>Spectrogram</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TakeCard</name>
    <message>
        <source>Play {0}</source>
        <translation>{0} abspielen</translation>
    </message>
    <message>
        <source>{0} · seed {1}</source>
        <translation>{0} · Startwert {1}</translation>
    </message>
</context>
<context>
    <name>TimePlot</name>
    <message>
        <source>No region is marked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Marked from {0} to {1}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TimeRuler</name>
    <message>
        <source>Time axis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bar {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WaveformView</name>
    <message>
        <source>Waveform</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click to move there, drag to mark a loop, turn the wheel to zoom.</source>
        <translation type="unfinished"></translation>
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
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Loop without a seam</source>
        <translation>Schleife ohne Naht</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>Tempo</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Tonart</translation>
    </message>
    <message>
        <source>drums, distortion</source>
        <translation>drums, distortion</translation>
    </message>
    <message>
        <source>How closely it follows the melody</source>
        <translation>Wie genau es der Melodie folgt</translation>
    </message>
    <message>
        <source>How much pictures and film count</source>
        <translation>Wie viel Bilder und Film zählen</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Steps: more is finer and slower</source>
        <translation>Schritte: mehr ist feiner und langsamer</translation>
    </message>
    <message>
        <source>How closely it follows the words</source>
        <translation>Wie genau es den Worten folgt</translation>
    </message>
    <message>
        <source>What to keep away from</source>
        <translation>Was es meiden soll</translation>
    </message>
    <message>
        <source>Bars are as long as the tempo says.</source>
        <translation>Wie lang ein Takt ist, sagt das Tempo.</translation>
    </message>
</context>
</TS>
