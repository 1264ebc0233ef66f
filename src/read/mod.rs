//! Reads documents from files, folders, archives and streams.
