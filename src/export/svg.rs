use super::*;
pub(super) fn write(_: &KnowledgeGraph, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{} {}", "x".repeat(20), escape::xml(&options.title))
}
