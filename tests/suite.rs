mod comments;
mod document;
