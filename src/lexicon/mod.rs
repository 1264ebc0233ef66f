//! Compiled lists of names, places and words.
