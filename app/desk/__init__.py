"""What is this desk's alone: its journal, its outbox, and the threads that look after what is due."""
