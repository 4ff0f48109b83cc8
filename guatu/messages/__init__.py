"""What is said to whom and when: what is new since it was last said, when messages may go out, and their words."""
