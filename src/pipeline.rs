//! Runs the stages over documents; the one place that knows them all.
