"""Training of relata's model: one encoder, heads for mentions, coreference, relations and qualifiers."""
