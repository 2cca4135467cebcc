"""PDF: glyphs to words, words to lines, lines in the order a person reads them."""
