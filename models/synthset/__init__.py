"""SynthSet: music without end, composed by rule and rendered with a free soundfont, truth known."""
