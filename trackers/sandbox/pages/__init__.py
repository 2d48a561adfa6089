"""What the sandbox holds, shown to people."""
