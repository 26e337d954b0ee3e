mod tree;
mod watching;
