"""What the Matrix platform is made of, each part without a connection of its own."""
