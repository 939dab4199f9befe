<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutPage</name>
    <message>
        <source>Music from a sentence, a melody, a story, a picture or a film.</source>
        <translation>Musik aus einem Satz, einer Melodie, einer Geschichte, einem Bild oder einem Film.</translation>
    </message>
    <message>
        <source>This app opens no network connection.</source>
        <translation>Diese App öffnet keine Netzverbindung.</translation>
    </message>
    <message>
        <source>What you write, sing and make stays on this machine. Nothing is counted, nothing is sent, and it works the same without a cable.</source>
        <translation>Was du schreibst, singst und machst, bleibt auf diesem Rechner. Nichts wird gezählt, nichts gesendet, und ohne Kabel geht alles genauso.</translation>
    </message>
    <message>
        <source>Search components and licences</source>
        <translation>Bestandteile und Lizenzen durchsuchen</translation>
    </message>
    <message>
        <source>Installed components</source>
        <translation>Installierte Bestandteile</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>Lizenzen</translation>
    </message>
    <message>
        <source>descant is under the MIT licence; what you make with it is yours. It stands on the work of others, all of which is listed here as it is installed. Choose one to read its text.</source>
        <translation>descant steht unter der MIT-Lizenz; was du damit machst, gehört dir. Es baut auf der Arbeit anderer auf, die hier vollständig aufgeführt ist, so wie sie installiert ist. Wähle einen Bestandteil, um seinen Text zu lesen.</translation>
    </message>
    <message>
        <source>Component</source>
        <translation>Bestandteil</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
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
    <name>BenchPage</name>
    <message>
        <source>Bench</source>
        <translation>Messung</translation>
    </message>
    <message>
        <source>How fast this machine makes music, measured as on the command line. The card names the machine, not you.</source>
        <translation>Wie schnell dieser Rechner Musik macht, gemessen wie auf der Kommandozeile. Die Karte nennt den Rechner, nicht dich.</translation>
    </message>
    <message>
        <source>Nothing was measured yet</source>
        <translation>Noch nichts gemessen</translation>
    </message>
    <message>
        <source>A quick bench takes about a minute and ends with a card to share. Drop the .json of another machine here to compare the two.</source>
        <translation>Eine schnelle Messung dauert etwa eine Minute und endet mit einer Karte zum Teilen. Leg die .json eines anderen Rechners hier ab, um beide zu vergleichen.</translation>
    </message>
    <message>
        <source>Measured here</source>
        <translation>Hier gemessen</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Angehalten.</translation>
    </message>
    <message>
        <source>Two benches</source>
        <translation>Zwei Messungen</translation>
    </message>
    <message>
        <source>The card is on the clipboard</source>
        <translation>Die Karte ist in der Zwischenablage</translation>
    </message>
    <message>
        <source>Save the bench</source>
        <translation>Messung speichern</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>Gespeichert als {0}</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the card</source>
        <translation>Karte kopieren</translation>
    </message>
    <message>
        <source>Save …</source>
        <translation>Speichern …</translation>
    </message>
    <message>
        <source>Save the card</source>
        <translation>Karte speichern</translation>
    </message>
    <message>
        <source>Also as a page with charts (.html) or figures (.json).</source>
        <translation>Auch als Seite mit Diagrammen (.html) oder als Zahlen (.json).</translation>
    </message>
    <message>
        <source>{0}: {1} seconds of audio per second</source>
        <translation>{0}: {1} Sekunden Musik pro Sekunde</translation>
    </message>
</context>
<context>
    <name>BenchRow</name>
    <message>
        <source>{0} s of audio per second</source>
        <translation>{0} s Musik pro Sekunde</translation>
    </message>
    <message>
        <source>Incomplete</source>
        <translation>Unvollständig</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Show the card of {0}</source>
        <translation>Karte zeigen: {0}</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Compare {0} with the report that is shown</source>
        <translation>{0} mit dem gezeigten Bericht vergleichen</translation>
    </message>
    <message>
        <source>Delete the report of {0}</source>
        <translation>Bericht löschen: {0}</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
</context>
<context>
    <name>BenchRun</name>
    <message>
        <source>Measure this machine</source>
        <translation>Diesen Rechner messen</translation>
    </message>
    <message>
        <source>On the processor, and on what the automatic choice takes if that is another.</source>
        <translation>Auf dem Prozessor, und auf dem, was die automatische Wahl nimmt, wenn das ein anderes Gerät ist.</translation>
    </message>
    <message>
        <source>How thoroughly</source>
        <translation>Wie gründlich</translation>
    </message>
    <message>
        <source>Quick: 5 runs, a first impression</source>
        <translation>Schnell: 5 Läufe, ein erster Eindruck</translation>
    </message>
    <message>
        <source>Whole: 30 runs, figures to compare</source>
        <translation>Ganz: 30 Läufe, Zahlen zum Vergleichen</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Stop measuring</source>
        <translation>Messung anhalten</translation>
    </message>
    <message>
        <source>Progress of the bench</source>
        <translation>Fortschritt der Messung</translation>
    </message>
    <message>
        <source>Starting …</source>
        <translation>Startet …</translation>
    </message>
    <message>
        <source>Music that is made meanwhile makes the figures worse.</source>
        <translation>Musik, die währenddessen entsteht, verschlechtert die Zahlen.</translation>
    </message>
    <message>
        <source>Stopping; what was measured is kept …</source>
        <translation>Hält an; was gemessen ist, bleibt …</translation>
    </message>
</context>
<context>
    <name>CompareSwitch</name>
    <message>
        <source>Compare …</source>
        <translation>Vergleichen …</translation>
    </message>
    <message>
        <source>Hear another take at the same place, equally loud</source>
        <translation>Einen anderen Take an derselben Stelle hören, gleich laut</translation>
    </message>
    <message>
        <source>End the comparison</source>
        <translation>Vergleich beenden</translation>
    </message>
    <message>
        <source>Hear “{0}” (A)</source>
        <translation>„{0}“ hören (A)</translation>
    </message>
    <message>
        <source>Hear “{0}” (B)</source>
        <translation>„{0}“ hören (B)</translation>
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
        <translation>Sieht nach …</translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation>Befehl kopieren</translation>
    </message>
    <message>
        <source>Here it takes: {0}</source>
        <translation>Nimmt hier: {0}</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Can&apos;t be used here</source>
        <translation>Hier nicht benutzbar</translation>
    </message>
</context>
<context>
    <name>Devices</name>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>The fastest that works; another takes over when it fails.</source>
        <translation>Das schnellste, das geht; ein anderes übernimmt, wenn es ausfällt.</translation>
    </message>
    <message>
        <source>NVIDIA RTX with TensorRT-RTX</source>
        <translation>NVIDIA RTX mit TensorRT-RTX</translation>
    </message>
    <message>
        <source>Graphs compiled for the card; engines built ahead start at once.</source>
        <translation>Netze, die für die Karte übersetzt sind; vorab gebaute Engines starten sofort.</translation>
    </message>
    <message>
        <source>NVIDIA with CUDA</source>
        <translation>NVIDIA mit CUDA</translation>
    </message>
    <message>
        <source>Any newer NVIDIA card, without compiling.</source>
        <translation>Jede neuere NVIDIA-Karte, ohne Übersetzen.</translation>
    </message>
    <message>
        <source>NVIDIA with TensorRT</source>
        <translation>NVIDIA mit TensorRT</translation>
    </message>
    <message>
        <source>Compiles for minutes at every new length.</source>
        <translation>Übersetzt minutenlang bei jeder neuen Länge.</translation>
    </message>
    <message>
        <source>Intel with OpenVINO</source>
        <translation>Intel mit OpenVINO</translation>
    </message>
    <message>
        <source>Processors and graphics of Intel&apos;s.</source>
        <translation>Prozessoren und Grafik von Intel.</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>Works everywhere; music comes faster than it plays.</source>
        <translation>Geht überall; Musik entsteht schneller, als sie spielt.</translation>
    </message>
</context>
<context>
    <name>DevicesPage</name>
    <message>
        <source>Look again</source>
        <translation>Noch einmal nachsehen</translation>
    </message>
    <message>
        <source>After something was installed or a card was plugged in</source>
        <translation>Nachdem etwas installiert oder eine Karte eingesteckt wurde</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Where the music is computed. Everything happens on this machine.</source>
        <translation>Wo die Musik berechnet wird. Alles geschieht auf diesem Rechner.</translation>
    </message>
    <message>
        <source>Trying …</source>
        <translation>Probiert …</translation>
    </message>
    <message>
        <source>Not decided yet</source>
        <translation>Noch nicht entschieden</translation>
    </message>
    <message>
        <source>The pack is opened when the first music is made.</source>
        <translation>Das Paket wird geöffnet, wenn die erste Musik entsteht.</translation>
    </message>
    <message>
        <source>Try every device</source>
        <translation>Alle Geräte probieren</translation>
    </message>
    <message>
        <source>Makes a second of music on each and compares what comes out</source>
        <translation>Macht auf jedem eine Sekunde Musik und vergleicht, was herauskommt</translation>
    </message>
    <message>
        <source>What computes now</source>
        <translation>Was gerade rechnet</translation>
    </message>
    <message>
        <source>Computes on: {0}</source>
        <translation>Rechnet auf: {0}</translation>
    </message>
    <message>
        <source>No music can be made at the moment</source>
        <translation>Zurzeit kann keine Musik entstehen</translation>
    </message>
    <message>
        <source>The engines are ready</source>
        <translation>Die Engines sind fertig</translation>
    </message>
    <message>
        <source>The trial failed: {0}</source>
        <translation>Der Versuch schlug fehl: {0}</translation>
    </message>
    <message>
        <source>✓ A second of music in {0:.2f} s, with loading</source>
        <translation>✓ Eine Sekunde Musik in {0:.2f} s, mit Laden</translation>
    </message>
    <message>
        <source>sounds like the processor&apos;s</source>
        <translation>klingt wie die vom Prozessor</translation>
    </message>
    <message>
        <source>does not sound like the processor&apos;s</source>
        <translation>klingt nicht wie die vom Prozessor</translation>
    </message>
</context>
<context>
    <name>Dialog</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>EnginePanel</name>
    <message>
        <source>Engines for NVIDIA cards</source>
        <translation>Engines für NVIDIA-Karten</translation>
    </message>
    <message>
        <source>An engine is a network compiled for the card. It is built once, beside the music, which goes on on the processor or with CUDA meanwhile.</source>
        <translation>Eine Engine ist ein Netz, das für die Karte übersetzt ist. Sie wird einmal gebaut, neben der Musik, die währenddessen auf dem Prozessor oder mit CUDA weitergeht.</translation>
    </message>
    <message>
        <source>Looking for engines …</source>
        <translation>Sucht Engines …</translation>
    </message>
    <message>
        <source>Progress of the build</source>
        <translation>Fortschritt des Baus</translation>
    </message>
    <message>
        <source>Build engines</source>
        <translation>Engines bauen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Stop building engines</source>
        <translation>Bau der Engines anhalten</translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation>Befehl kopieren</translation>
    </message>
    <message>
        <source>None of this pack&apos;s {0} networks has one yet.</source>
        <translation>Noch keines der {0} Netze dieses Pakets hat eine.</translation>
    </message>
    <message>
        <source>{0} of this pack&apos;s {1} networks have one.</source>
        <translation>{0} der {1} Netze dieses Pakets haben eine.</translation>
    </message>
    <message>
        <source>Others are not used: {0}.</source>
        <translation>Andere werden nicht benutzt: {0}.</translation>
    </message>
    <message>
        <source>Nothing here uses them at the moment; they can be built all the same and carried to a machine with a card.</source>
        <translation>Zurzeit benutzt sie hier nichts; sie können trotzdem gebaut und auf einen Rechner mit Karte gebracht werden.</translation>
    </message>
    <message>
        <source>Building {0} · {1} s</source>
        <translation>Baut {0} · {1} s</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>Hält an …</translation>
    </message>
    <message>
        <source>Stopped. Engines that were done are kept.</source>
        <translation>Angehalten. Fertige Engines bleiben.</translation>
    </message>
    <message>
        <source>✓ {0} engines are ready, {1} of them built now. {2} in {3}</source>
        <translation>✓ {0} Engines sind bereit, {1} davon jetzt gebaut. {2} in {3}</translation>
    </message>
    <message>
        <source>{0} does not exist for this kind of machine.</source>
        <translation>{0} gibt es für diese Art von Rechner nicht.</translation>
    </message>
    <message>
        <source>{0} is not installed. To install it: {1}</source>
        <translation>{0} ist nicht installiert. So wird es installiert: {1}</translation>
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
    <name>ExportName</name>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Replace the file?</source>
        <translation>Datei ersetzen?</translation>
    </message>
    <message>
        <source>“{0}” is there already. What is in it will be lost.</source>
        <translation>„{0}“ gibt es schon. Was darin ist, geht verloren.</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
</context>
<context>
    <name>ExportStrip</name>
    <message>
        <source>Progress of the export</source>
        <translation>Fortschritt des Exports</translation>
    </message>
    <message>
        <source>Reads the take for {0}</source>
        <translation>Liest den Take für {0}</translation>
    </message>
    <message>
        <source>Looks through the film for {0}</source>
        <translation>Sieht den Film für {0} durch</translation>
    </message>
    <message>
        <source>Writes {0}</source>
        <translation>Schreibt {0}</translation>
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
    <name>HoldCard</name>
    <message>
        <source>The queue waits: the pack can&apos;t be opened</source>
        <translation>Die Warteschlange wartet: Das Paket lässt sich nicht öffnen</translation>
    </message>
    <message>
        <source>The queue waits: a take could not be saved</source>
        <translation>Die Warteschlange wartet: Ein Take ließ sich nicht speichern</translation>
    </message>
    <message>
        <source>From last time</source>
        <translation>Vom letzten Mal</translation>
    </message>
    <message>
        <source>This was still waiting when descant ended.</source>
        <translation>Das hat noch gewartet, als descant beendet wurde.</translation>
    </message>
    <message>
        <source>Make it</source>
        <translation>Jetzt machen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
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
    <message>
        <source>as the film</source>
        <translation>wie der Film</translation>
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
    <name>LibraryOpener</name>
    <message>
        <source>There is no library: {0} {1}</source>
        <translation>Es gibt keine Bibliothek: {0} {1}</translation>
    </message>
    <message>
        <source>The library can&apos;t be used: {0} New takes are kept in {1} and move into the library when it is back at a start.</source>
        <translation>Die Bibliothek lässt sich nicht benutzen: {0} Neue Takes liegen in {1} und ziehen in die Bibliothek um, wenn sie bei einem Start wieder da ist.</translation>
    </message>
    <message>
        <source>Takes in {0} could not be moved into the library: {1}</source>
        <translation>Takes in {0} ließen sich nicht in die Bibliothek verschieben: {1}</translation>
    </message>
    <message>
        <source>Takes that were kept elsewhere are in the library now: {0}</source>
        <translation>Takes, die anderswo lagen, sind jetzt in der Bibliothek: {0}</translation>
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
        <source>Empty…</source>
        <translation>Leeren…</translation>
    </message>
    <message>
        <source>Remove all deleted takes for good</source>
        <translation>Alle gelöschten Takes endgültig entfernen</translation>
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
    <message>
        <source>What was asked for is not known</source>
        <translation>Was gewünscht war, ist nicht bekannt</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Starting …</source>
        <translation>Startet …</translation>
    </message>
    <message>
        <source>Takes go elsewhere</source>
        <translation>Anderer Ordner</translation>
    </message>
    <message>
        <source>There is no library</source>
        <translation>Keine Bibliothek</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Ready · computes on {0}</source>
        <translation>Bereit · rechnet auf {0}</translation>
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
        <translation>Anzahl der Takes</translation>
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
        <translation>Takes</translation>
    </message>
</context>
<context>
    <name>MelodyBar</name>
    <message>
        <source>Edited</source>
        <translation>Geändert</translation>
    </message>
    <message>
        <source>Undo (Ctrl+Z)</source>
        <translation>Rückgängig (Strg+Z)</translation>
    </message>
    <message>
        <source>Redo (Ctrl+Shift+Z)</source>
        <translation>Wiederholen (Strg+Umschalt+Z)</translation>
    </message>
    <message>
        <source>All notes a semitone lower</source>
        <translation>Alle Noten einen Halbton tiefer</translation>
    </message>
    <message>
        <source>All notes a semitone higher</source>
        <translation>Alle Noten einen Halbton höher</translation>
    </message>
    <message>
        <source>Listen to the melody alone (Enter)</source>
        <translation>Nur die Melodie anhören (Eingabe)</translation>
    </message>
    <message>
        <source>Next match</source>
        <translation>Nächster Treffer</translation>
    </message>
    <message>
        <source>Show the next melody that fits the words</source>
        <translation>Die nächste Melodie zeigen, die zu den Worten passt</translation>
    </message>
    <message>
        <source>Make with this melody</source>
        <translation>Mit dieser Melodie machen</translation>
    </message>
    <message>
        <source>Queue a take of the same words that follows this melody</source>
        <translation>Einen Take derselben Worte einreihen, der dieser Melodie folgt</translation>
    </message>
    <message>
        <source>Snap to</source>
        <translation>Einrasten auf</translation>
    </message>
    <message>
        <source>Notes snap to this length; hold Alt to place them freely</source>
        <translation>Noten rasten auf dieser Länge ein; mit Alt lassen sie sich frei setzen</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>Frei</translation>
    </message>
    <message>
        <source>Keep this melody for the next takes</source>
        <translation>Diese Melodie für die nächsten Takes behalten</translation>
    </message>
    <message>
        <source>Melody</source>
        <translation>Melodie</translation>
    </message>
</context>
<context>
    <name>MelodyDesk</name>
    <message>
        <source>given with the request</source>
        <translation>mit dem Wunsch vorgegeben</translation>
    </message>
    <message>
        <source>none is known; double-click below to write one</source>
        <translation>keine bekannt; ein Doppelklick unten schreibt eine</translation>
    </message>
    <message>
        <source>Earlier changes</source>
        <translation>Frühere Änderungen</translation>
    </message>
    <message>
        <source>Next match</source>
        <translation>Nächster Treffer</translation>
    </message>
    <message>
        <source>{0} · fit {1:.2f}</source>
        <translation>{0} · Übereinstimmung {1:.2f}</translation>
    </message>
</context>
<context>
    <name>MelodyModel</name>
    <message>
        <source>Transpose</source>
        <translation>Transponieren</translation>
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
    <name>News</name>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
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
    <name>Output</name>
    <message>
        <source>No sound: {0} is not installed. Everything else works.</source>
        <translation>Kein Ton: {0} ist nicht installiert. Alles andere geht.</translation>
    </message>
    <message>
        <source>No sound: this computer has no audio output.</source>
        <translation>Kein Ton: Dieser Rechner hat keine Audioausgabe.</translation>
    </message>
    <message>
        <source>No sound: “{0}” is not connected. Choose another output.</source>
        <translation>Kein Ton: „{0}“ ist nicht angeschlossen. Wähl eine andere.</translation>
    </message>
    <message>
        <source>No sound: the audio output is not usable ({0}).</source>
        <translation>Kein Ton: Die Audioausgabe ist nicht benutzbar ({0}).</translation>
    </message>
    <message>
        <source>No sound: the audio output was disconnected.</source>
        <translation>Kein Ton: Die Audioausgabe wurde getrennt.</translation>
    </message>
</context>
<context>
    <name>OutputBox</name>
    <message>
        <source>Audio output</source>
        <translation>Audioausgabe</translation>
    </message>
    <message>
        <source>System output</source>
        <translation>Systemausgabe</translation>
    </message>
</context>
<context>
    <name>PackCard</name>
    <message>
        <source>Progress of the check</source>
        <translation>Fortschritt der Prüfung</translation>
    </message>
    <message>
        <source>Checking every file and loading every graph …</source>
        <translation>Prüft jede Datei und lädt jedes Netz …</translation>
    </message>
    <message>
        <source>Licence of {0}</source>
        <translation>Lizenz von {0}</translation>
    </message>
    <message>
        <source>Version {0}</source>
        <translation>Version {0}</translation>
    </message>
    <message>
        <source>What it can do</source>
        <translation>Was es kann</translation>
    </message>
    <message>
        <source>Licence: {0}</source>
        <translation>Lizenz: {0}</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>In Gebrauch</translation>
    </message>
    <message>
        <source>Damaged</source>
        <translation>Beschädigt</translation>
    </message>
    <message>
        <source>Built in</source>
        <translation>Eingebaut</translation>
    </message>
    <message>
        <source>Use this pack</source>
        <translation>Dieses Paket benutzen</translation>
    </message>
    <message>
        <source>Use {0}</source>
        <translation>{0} benutzen</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Check {0}</source>
        <translation>{0} prüfen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Stop checking {0}</source>
        <translation>Prüfung von {0} anhalten</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove {0}</source>
        <translation>{0} entfernen</translation>
    </message>
</context>
<context>
    <name>Packs</name>
    <message>
        <source>Words</source>
        <translation>Worte</translation>
    </message>
    <message>
        <source>Stories</source>
        <translation>Geschichten</translation>
    </message>
    <message>
        <source>Melodies (MIDI)</source>
        <translation>Melodien (MIDI)</translation>
    </message>
    <message>
        <source>Humming</source>
        <translation>Summen</translation>
    </message>
    <message>
        <source>Sounds</source>
        <translation>Klänge</translation>
    </message>
    <message>
        <source>Pictures and films</source>
        <translation>Bilder und Filme</translation>
    </message>
    <message>
        <source>Changes recordings</source>
        <translation>Ändert Aufnahmen</translation>
    </message>
    <message>
        <source>Writes notes</source>
        <translation>Schreibt Noten</translation>
    </message>
    <message>
        <source>Melody library</source>
        <translation>Melodiesammlung</translation>
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
        <translation>{0} Kanäle</translation>
    </message>
    <message>
        <source>clips of {0:g} to {1:g} s in one piece</source>
        <translation>{0:g} bis {1:g} s in einem Stück</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Trained on</source>
        <translation>Gelernt von</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>Familie</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Fingerprint (SHA-256 of its manifest)</source>
        <translation>Fingerabdruck (SHA-256 des Verzeichnisses)</translation>
    </message>
</context>
<context>
    <name>PacksPage</name>
    <message>
        <source>Install a pack …</source>
        <translation>Paket installieren …</translation>
    </message>
    <message>
        <source>Packs</source>
        <translation>Pakete</translation>
    </message>
    <message>
        <source>A pack holds the networks that make the music. What it has learned from and its licence travel with it.</source>
        <translation>Ein Paket enthält die Netze, die die Musik machen. Woraus es gelernt hat und seine Lizenz reisen mit.</translation>
    </message>
    <message>
        <source>Packs (*.descant pack.json)</source>
        <translation>Pakete (*.descant pack.json)</translation>
    </message>
    <message>
        <source>Install a pack</source>
        <translation>Paket installieren</translation>
    </message>
    <message>
        <source>{0} makes the music from now on</source>
        <translation>{0} macht von jetzt an die Musik</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Drop a .descant file or a pack&apos;s folder here to install it</source>
        <translation>Eine .descant-Datei oder den Ordner eines Pakets hier ablegen, um es zu installieren</translation>
    </message>
    <message>
        <source>Checking and copying {0} …</source>
        <translation>Prüft und kopiert {0} …</translation>
    </message>
    <message>
        <source>{0} is installed</source>
        <translation>{0} ist installiert</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>Benutzen</translation>
    </message>
    <message>
        <source>{0} was not installed. {1}</source>
        <translation>{0} wurde nicht installiert. {1}</translation>
    </message>
    <message>
        <source>Choose another pack below, or another device.</source>
        <translation>Wähle unten ein anderes Paket, oder ein anderes Gerät.</translation>
    </message>
    <message>
        <source>Whole: {0} files, {1} graphs load</source>
        <translation>Vollständig: {0} Dateien, {1} Netze laden</translation>
    </message>
    <message>
        <source>, {0} melodies</source>
        <translation>, {0} Melodien</translation>
    </message>
    <message>
        <source>{0} was removed</source>
        <translation>{0} wurde entfernt</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
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
    <message>
        <source>Take</source>
        <translation>Take</translation>
    </message>
    <message>
        <source>Packs</source>
        <translation>Pakete</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Bench</source>
        <translation>Messung</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Über</translation>
    </message>
</context>
<context>
    <name>PianoRoll</name>
    <message>
        <source>Melody</source>
        <translation>Melodie</translation>
    </message>
    <message>
        <source>Velocity</source>
        <translation>Anschlag</translation>
    </message>
    <message>
        <source>Listen</source>
        <translation>Anhören</translation>
    </message>
    <message>
        <source>Octave up</source>
        <translation>Oktave höher</translation>
    </message>
    <message>
        <source>Octave down</source>
        <translation>Oktave tiefer</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>{0} notes, {1} selected.</source>
        <translation>{0} Noten, {1} ausgewählt.</translation>
    </message>
    <message>
        <source>{0} at beat {1:g}, {2:g} beats long, velocity {3}.</source>
        <translation>{0} auf Schlag {1:g}, {2:g} Schläge lang, Anschlag {3}.</translation>
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
        <translation>Take {0} von {1}</translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation>noch {0}</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Ändern</translation>
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
        <source>Alt with up or down changes the order, Delete cancels; Return tries again what failed, F2 changes it</source>
        <translation>Alt mit Auf oder Ab ändert die Reihenfolge, Entf bricht ab; Eingabe versucht Misslungenes noch einmal, F2 ändert es</translation>
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
</context>
<context>
    <name>RollKeys</name>
    <message>
        <source>Delete notes</source>
        <translation>Noten löschen</translation>
    </message>
    <message>
        <source>Change velocity</source>
        <translation>Anschlag ändern</translation>
    </message>
    <message>
        <source>Change length</source>
        <translation>Länge ändern</translation>
    </message>
    <message>
        <source>Move notes</source>
        <translation>Noten verschieben</translation>
    </message>
    <message>
        <source>Add note</source>
        <translation>Note hinzufügen</translation>
    </message>
</context>
<context>
    <name>RollMouse</name>
    <message>
        <source>Add note</source>
        <translation>Note hinzufügen</translation>
    </message>
    <message>
        <source>Move notes</source>
        <translation>Noten verschieben</translation>
    </message>
    <message>
        <source>Change length</source>
        <translation>Länge ändern</translation>
    </message>
    <message>
        <source>Change velocity</source>
        <translation>Anschlag ändern</translation>
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
    <name>SettingsPage</name>
    <message>
        <source>Reset all</source>
        <translation>Alles zurücksetzen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Changes hold at once, where nothing else is said.</source>
        <translation>Änderungen gelten sofort, wo nichts anderes steht.</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Music</source>
        <translation>Musik</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>All settings are as they were at first</source>
        <translation>Alle Einstellungen sind wie am Anfang</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Thema</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Less motion</source>
        <translation>Weniger Bewegung</translation>
    </message>
    <message>
        <source>Holds after the next start.</source>
        <translation>Gilt nach dem nächsten Start.</translation>
    </message>
    <message>
        <source>As the system has it, or always the same.</source>
        <translation>Wie das System, oder immer gleich.</translation>
    </message>
    <message>
        <source>Of everything in the window.</source>
        <translation>Von allem im Fenster.</translation>
    </message>
    <message>
        <source>Motion</source>
        <translation>Bewegung</translation>
    </message>
    <message>
        <source>Nothing slides or fades.</source>
        <translation>Nichts gleitet oder blendet.</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgabe</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>Choose a pack</source>
        <translation>Ein Paket wählen</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>Warum?</translation>
    </message>
    <message>
        <source>Why a device can&apos;t be used</source>
        <translation>Warum ein Gerät nicht benutzt werden kann</translation>
    </message>
    <message>
        <source>Where takes are heard.</source>
        <translation>Wo Takes zu hören sind.</translation>
    </message>
    <message>
        <source>What hears you hum.</source>
        <translation>Womit dein Summen aufgenommen wird.</translation>
    </message>
    <message>
        <source>What computes the music.</source>
        <translation>Was die Musik berechnet.</translation>
    </message>
    <message>
        <source>Pack</source>
        <translation>Paket</translation>
    </message>
    <message>
        <source>What makes the music.</source>
        <translation>Was die Musik macht.</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>Where takes are kept. Holds after the next start.</source>
        <translation>Wo Takes aufbewahrt werden. Gilt nach dem nächsten Start.</translation>
    </message>
    <message>
        <source>Packs</source>
        <translation>Pakete</translation>
    </message>
    <message>
        <source>Packs that you install.</source>
        <translation>Pakete, die du installierst.</translation>
    </message>
    <message>
        <source>Change …</source>
        <translation>Ändern …</translation>
    </message>
    <message>
        <source>Change the folder of {0}</source>
        <translation>Ordner ändern: {0}</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Open the folder of {0}</source>
        <translation>Ordner öffnen: {0}</translation>
    </message>
    <message>
        <source>The folder is made when something is put into it</source>
        <translation>Der Ordner entsteht, wenn etwas hineinkommt</translation>
    </message>
    <message>
        <source>As the system has it</source>
        <translation>Wie das System</translation>
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
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>The tags that all {0} takes have, with commas between them. What you add or take away changes in each of them; their other tags stay.</source>
        <translation>Die Schlagwörter, die alle {0} Takes haben, mit Kommas dazwischen. Was du hinzufügst oder wegnimmst, ändert sich bei jedem; ihre übrigen Schlagwörter bleiben.</translation>
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
    <message>
        <source>Not saved</source>
        <translation>Nicht gespeichert</translation>
    </message>
    <message>
        <source>Save again</source>
        <translation>Noch einmal speichern</translation>
    </message>
</context>
<context>
    <name>TakeChanges</name>
    <message>
        <source>“{0}” is deleted.</source>
        <translation>„{0}“ ist gelöscht.</translation>
    </message>
    <message>
        <source>{0} takes are deleted.</source>
        <translation>{0} Takes sind gelöscht.</translation>
    </message>
    <message>
        <source>“{0}” has other tags.</source>
        <translation>„{0}“ hat jetzt andere Schlagwörter.</translation>
    </message>
    <message>
        <source>{0} takes have other tags.</source>
        <translation>{0} Takes haben jetzt andere Schlagwörter.</translation>
    </message>
    <message>
        <source>1 take is gone for good.</source>
        <translation>1 Take ist endgültig gelöscht.</translation>
    </message>
    <message>
        <source>{0} takes are gone for good.</source>
        <translation>{0} Takes sind endgültig gelöscht.</translation>
    </message>
    <message>
        <source>Another program holds files of the others open.</source>
        <translation>Ein anderes Programm hält Dateien der übrigen offen.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
</context>
<context>
    <name>TakeCommands</name>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>More like this</source>
        <translation>Mehr davon</translation>
    </message>
    <message>
        <source>Vary</source>
        <translation>Variieren</translation>
    </message>
    <message>
        <source>Vary a little</source>
        <translation>Ein wenig variieren</translation>
    </message>
    <message>
        <source>Vary a lot</source>
        <translation>Stark variieren</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Replace region…</source>
        <translation>Ausschnitt ersetzen…</translation>
    </message>
    <message>
        <source>Change and make again</source>
        <translation>Ändern und neu machen</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>Favorit</translation>
    </message>
    <message>
        <source>Tags…</source>
        <translation>Schlagwörter…</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Delete for good…</source>
        <translation>Endgültig löschen…</translation>
    </message>
    <message>
        <source>The audio file is missing.</source>
        <translation>Die Audiodatei fehlt.</translation>
    </message>
    <message>
        <source>This pack can&apos;t start from a recording. Choose another one, such as starter.</source>
        <translation>Dieses Paket kann nicht von einer Aufnahme ausgehen. Wähl ein anderes, etwa starter.</translation>
    </message>
    <message>
        <source>This pack can&apos;t go on from a recording. The starter pack can.</source>
        <translation>Dieses Paket kann eine Aufnahme nicht fortsetzen. Das Paket starter kann es.</translation>
    </message>
    <message>
        <source>This pack does not hear sounds, and the take was made without words.</source>
        <translation>Dieses Paket hört keine Klänge, und der Take ist ohne Worte entstanden.</translation>
    </message>
    <message>
        <source>Choose a take first.</source>
        <translation>Wähl zuerst einen Take.</translation>
    </message>
    <message>
        <source>Choose one take only.</source>
        <translation>Wähl nur einen Take.</translation>
    </message>
    <message>
        <source>Restore the take first.</source>
        <translation>Stell den Take zuerst wieder her.</translation>
    </message>
    <message>
        <source>It is not deleted.</source>
        <translation>Er ist nicht gelöscht.</translation>
    </message>
</context>
<context>
    <name>TakeCompare</name>
    <message>
        <source>There is no other take yet</source>
        <translation>Es gibt noch keinen anderen Take</translation>
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
    <name>TakeDetailsCard</name>
    <message>
        <source>About this take</source>
        <translation>Über diesen Take</translation>
    </message>
    <message>
        <source>How it was made</source>
        <translation>Wie er entstanden ist</translation>
    </message>
    <message>
        <source>Melody used</source>
        <translation>Verwendete Melodie</translation>
    </message>
    <message>
        <source>Time it took</source>
        <translation>Benötigte Zeit</translation>
    </message>
    <message>
        <source>Copy the receipt</source>
        <translation>Beleg kopieren</translation>
    </message>
    <message>
        <source>Request, seed and pack as JSON: enough to make it again</source>
        <translation>Wunsch, Seed und Paket als JSON: genug, um ihn noch einmal zu machen</translation>
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
        <source>{0:g} bpm</source>
        <translation>{0:g} bpm</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Tonart</translation>
    </message>
    <message>
        <source>Metre</source>
        <translation>Takt</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>Pack</source>
        <translation>Paket</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Seam</source>
        <translation>Naht</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Passung</translation>
    </message>
    <message>
        <source>Style</source>
        <translation>Stil</translation>
    </message>
    <message>
        <source>Written in</source>
        <translation>Steht in</translation>
    </message>
    <message>
        <source>Written at</source>
        <translation>Geschrieben für</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Understand</source>
        <translation>Verstehen</translation>
    </message>
    <message>
        <source>Prepare</source>
        <translation>Vorbereiten</translation>
    </message>
    <message>
        <source>Compose</source>
        <translation>Komponieren</translation>
    </message>
    <message>
        <source>Decode</source>
        <translation>Dekodieren</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Klang</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>Abschluss</translation>
    </message>
    <message>
        <source>In all</source>
        <translation>Zusammen</translation>
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
    <name>TakeHead</name>
    <message>
        <source>More like this</source>
        <translation>Mehr davon</translation>
    </message>
    <message>
        <source>The same wish, another seed</source>
        <translation>Derselbe Wunsch, ein anderer Seed</translation>
    </message>
    <message>
        <source>Vary</source>
        <translation>Variieren</translation>
    </message>
    <message>
        <source>Close to this take, yet another</source>
        <translation>Nah an diesem Take, doch ein anderer</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Go on where it ends</source>
        <translation>Dort weitergehen, wo er endet</translation>
    </message>
    <message>
        <source>Replace region</source>
        <translation>Ausschnitt ersetzen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Save as audio, notes or film</source>
        <translation>Als Audio, Noten oder Film sichern</translation>
    </message>
    <message>
        <source>Back to the library</source>
        <translation>Zurück zur Bibliothek</translation>
    </message>
    <message>
        <source>Make the marked part anew and keep the rest</source>
        <translation>Den markierten Teil neu machen, den Rest behalten</translation>
    </message>
    <message>
        <source>Drag over the waveform to mark what should be made anew</source>
        <translation>Zieh über die Wellenform, um zu markieren, was neu werden soll</translation>
    </message>
</context>
<context>
    <name>TakePage</name>
    <message>
        <source>No take is open</source>
        <translation>Kein Take ist offen</translation>
    </message>
    <message>
        <source>Open one from the library, or make one: it will sound and show here.</source>
        <translation>Öffne einen aus der Bibliothek oder mach einen: Hier ist er zu hören und zu sehen.</translation>
    </message>
    <message>
        <source>Make music</source>
        <translation>Musik machen</translation>
    </message>
    <message>
        <source>{0} (own melody)</source>
        <translation>{0} (eigene Melodie)</translation>
    </message>
    <message>
        <source>“{0}” is in the queue.</source>
        <translation>„{0}“ ist in der Warteschlange.</translation>
    </message>
</context>
<context>
    <name>TakeWords</name>
    <message>
        <source>Today, {0}</source>
        <translation>Heute, {0}</translation>
    </message>
    <message>
        <source>Yesterday, {0}</source>
        <translation>Gestern, {0}</translation>
    </message>
    <message>
        <source>{0} BPM</source>
        <translation>{0} BPM</translation>
    </message>
    <message>
        <source>Loop</source>
        <translation>Schleife</translation>
    </message>
    <message>
        <source>{0} seconds</source>
        <translation>{0} Sekunden</translation>
    </message>
    <message>
        <source>favourite</source>
        <translation>Favorit</translation>
    </message>
    <message>
        <source>tags: {0}</source>
        <translation>Schlagwörter: {0}</translation>
    </message>
    <message>
        <source>the audio file is missing</source>
        <translation>die Audiodatei fehlt</translation>
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
        <source>There is nothing here that can play.</source>
        <translation>Hier gibt es nichts zum Abspielen.</translation>
    </message>
    <message>
        <source>“{0}” is in the queue.</source>
        <translation>„{0}“ ist in der Warteschlange.</translation>
    </message>
    <message>
        <source>Delete for good?</source>
        <translation>Endgültig löschen?</translation>
    </message>
    <message>
        <source>The take and its files are removed. This can&apos;t be undone.</source>
        <translation>Der Take und seine Dateien werden entfernt. Das lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
        <source>{0} takes and their files are removed. This can&apos;t be undone.</source>
        <translation>{0} Takes und ihre Dateien werden entfernt. Das lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation>Endgültig löschen</translation>
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
    <name>TextDialog</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the text</source>
        <translation>Text kopieren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
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
    <name>Transport</name>
    <message>
        <source>Loop (L)</source>
        <translation>Schleife (L)</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>Position</translation>
    </message>
    <message>
        <source>Play (space)</source>
        <translation>Abspielen (Leertaste)</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Lautstärke</translation>
    </message>
    <message>
        <source>A bar back</source>
        <translation>Einen Takt zurück</translation>
    </message>
    <message>
        <source>A bar on</source>
        <translation>Einen Takt weiter</translation>
    </message>
    <message>
        <source>Pause (space)</source>
        <translation>Pause (Leertaste)</translation>
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
