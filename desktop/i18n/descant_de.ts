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
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Film</source>
        <translation>Film</translation>
    </message>
    <message>
        <source>Leave the film&apos;s own sound out</source>
        <translation>Den eigenen Ton des Films weglassen</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Needs PyAV: pip install &apos;descant[media]&apos;</source>
        <translation>Braucht PyAV: pip install &apos;descant[media]&apos;</translation>
    </message>
    <message>
        <source>The pack that made this take knows no notes.</source>
        <translation>Das Paket, das diesen Take gemacht hat, kennt keine Noten.</translation>
    </message>
    <message>
        <source>24 bit, as it is kept</source>
        <translation>24 Bit, wie aufbewahrt</translation>
    </message>
    <message>
        <source>16 bit, smaller</source>
        <translation>16 Bit, kleiner</translation>
    </message>
    <message>
        <source>Bit depth</source>
        <translation>Bittiefe</translation>
    </message>
    <message>
        <source> dB</source>
        <translation> dB</translation>
    </message>
    <message>
        <source>Music over the film&apos;s own sound</source>
        <translation>Musik über dem eigenen Ton des Films</translation>
    </message>
    <message>
        <source>Music louder by</source>
        <translation>Musik lauter um</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen …</translation>
    </message>
    <message>
        <source>Browse for {0}</source>
        <translation>{0} suchen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>For music programs. A loop keeps its loop points.</source>
        <translation>Für Musikprogramme. Eine Schleife behält ihre Schleifenpunkte.</translation>
    </message>
    <message>
        <source>Half the size of WAV, and nothing is lost.</source>
        <translation>Halb so groß wie WAV, und nichts geht verloren.</translation>
    </message>
    <message>
        <source>Small, for games and the web; a little is lost.</source>
        <translation>Klein, für Spiele und das Netz; ein wenig geht verloren.</translation>
    </message>
    <message>
        <source>The notes that sound, for other instruments.</source>
        <translation>Die Noten, die erklingen, für andere Instrumente.</translation>
    </message>
    <message>
        <source>A film with this music; its pictures are copied as they are.</source>
        <translation>Ein Film mit dieser Musik; seine Bilder werden kopiert, wie sie sind.</translation>
    </message>
    <message>
        <source>Films ({0})</source>
        <translation>Filme ({0})</translation>
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
    <name>LibraryPage</name>
    <message>
        <source>Takes</source>
        <translation>Takes</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>Nothing here yet</source>
        <translation>Noch nichts hier</translation>
    </message>
    <message>
        <source>Everything you make is kept here, with its recipe. It stays on this machine.</source>
        <translation>Alles, was du machst, wird hier aufbewahrt, mit seinem Rezept. Es bleibt auf diesem Rechner.</translation>
    </message>
    <message>
        <source>Make music</source>
        <translation>Musik machen</translation>
    </message>
    <message>
        <source>No take fits</source>
        <translation>Kein Take passt</translation>
    </message>
    <message>
        <source>Try fewer or other words: each must begin a word of title, prompt or tags.</source>
        <translation>Versuch es mit weniger oder anderen Wörtern: Mit jedem muss ein Wort von Titel, Beschreibung oder Schlagwörtern beginnen.</translation>
    </message>
    <message>
        <source>Show all takes</source>
        <translation>Alle Takes zeigen</translation>
    </message>
    <message>
        <source>Nothing is deleted</source>
        <translation>Nichts ist gelöscht</translation>
    </message>
    <message>
        <source>Takes that you delete stay here for 30 days and can be restored.</source>
        <translation>Gelöschte Takes bleiben 30 Tage hier und lassen sich wiederherstellen.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>1 take</source>
        <translation>1 Take</translation>
    </message>
    <message>
        <source>{0} takes</source>
        <translation>{0} Takes</translation>
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
        <source>And all else that was asked for then</source>
        <translation>Und alles Übrige, was damals gewünscht war</translation>
    </message>
    <message>
        <source>Click to leave it out</source>
        <translation>Klicken, um es wegzulassen</translation>
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
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
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
    <name>RegionDialog</name>
    <message>
        <source>Replace region</source>
        <translation>Abschnitt ersetzen</translation>
    </message>
    <message>
        <source>Which part is made anew?</source>
        <translation>Welcher Teil wird neu gemacht?</translation>
    </message>
    <message>
        <source>The rest of the take stays. Mark a part with the mouse, or type.</source>
        <translation>Der Rest des Takes bleibt. Markiere einen Teil mit der Maus, oder tippe.</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source>&amp;From</source>
        <translation>&amp;Von</translation>
    </message>
    <message>
        <source>&amp;To</source>
        <translation>&amp;Bis</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
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
        <translation>Spektrogramm</translation>
    </message>
</context>
<context>
    <name>TagsDialog</name>
    <message>
        <source>Tags</source>
        <translation>Schlagwörter</translation>
    </message>
    <message>
        <source>Words to find it by, with commas between them.</source>
        <translation>Wörter zum Wiederfinden, mit Kommas dazwischen.</translation>
    </message>
    <message>
        <source>night, boss fight</source>
        <translation>Nacht, Endkampf</translation>
    </message>
    <message>
        <source>Tags, with commas between them</source>
        <translation>Schlagwörter, mit Kommas dazwischen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
</context>
<context>
    <name>TakeBar</name>
    <message>
        <source>What to do with the chosen take</source>
        <translation>Was mit dem gewählten Take geschehen soll</translation>
    </message>
    <message>
        <source>{0} takes chosen</source>
        <translation>{0} Takes gewählt</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>More to do with the take</source>
        <translation>Mehr zu diesem Take</translation>
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
    <name>TakeDelegate</name>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>Favorit</translation>
    </message>
    <message>
        <source>Add star</source>
        <translation>Stern geben</translation>
    </message>
    <message>
        <source>The audio file is missing</source>
        <translation>Die Tondatei fehlt</translation>
    </message>
</context>
<context>
    <name>TakeFilters</name>
    <message>
        <source>Favourites</source>
        <translation>Favoriten</translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation>Gelöscht</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>Schlagwort</translation>
    </message>
    <message>
        <source>All tags</source>
        <translation>Alle Schlagwörter</translation>
    </message>
    <message>
        <source>Search titles, words and tags</source>
        <translation>Titel, Worte und Schlagwörter durchsuchen</translation>
    </message>
    <message>
        <source>Search the library</source>
        <translation>Bibliothek durchsuchen</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Reihenfolge</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Neueste zuerst</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>Älteste zuerst</translation>
    </message>
    <message>
        <source>By title</source>
        <translation>Nach Titel</translation>
    </message>
    <message>
        <source>Longest first</source>
        <translation>Längste zuerst</translation>
    </message>
    <message>
        <source>Favourites first</source>
        <translation>Favoriten zuerst</translation>
    </message>
</context>
<context>
    <name>TakeWork</name>
    <message>
        <source>{0} (more)</source>
        <translation>{0} (mehr)</translation>
    </message>
    <message>
        <source>{0} (variation)</source>
        <translation>{0} (Variation)</translation>
    </message>
    <message>
        <source>{0} (next)</source>
        <translation>{0} (weiter)</translation>
    </message>
    <message>
        <source>“{0}” is deleted.</source>
        <translation>„{0}“ ist gelöscht.</translation>
    </message>
    <message>
        <source>{0} takes are deleted.</source>
        <translation>{0} Takes sind gelöscht.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Writing {0} …</source>
        <translation>Schreibt {0} …</translation>
    </message>
    <message>
        <source>There is nothing here that can play.</source>
        <translation>Hier gibt es nichts zum Abspielen.</translation>
    </message>
    <message>
        <source>“{0}” is in the queue.</source>
        <translation>„{0}“ ist in der Warteschlange.</translation>
    </message>
    <message>
        <source>{0} is written.</source>
        <translation>{0} ist geschrieben.</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
</context>
<context>
    <name>TimePlot</name>
    <message>
        <source>No region is marked.</source>
        <translation>Kein Abschnitt ist markiert.</translation>
    </message>
    <message>
        <source>Marked from {0} to {1}.</source>
        <translation>Markiert von {0} bis {1}.</translation>
    </message>
</context>
<context>
    <name>TimeRuler</name>
    <message>
        <source>Time axis</source>
        <translation>Zeitachse</translation>
    </message>
    <message>
        <source>Bar {0}</source>
        <translation>Takt {0}</translation>
    </message>
</context>
<context>
    <name>WaveformView</name>
    <message>
        <source>Waveform</source>
        <translation>Wellenform</translation>
    </message>
    <message>
        <source>Click to move there, drag to mark a loop, turn the wheel to zoom.</source>
        <translation>Klicken springt dorthin, Ziehen markiert eine Schleife, das Rad vergrößert.</translation>
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
