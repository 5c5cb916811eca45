"""Reading payments, each part in a module of its own; what somebody may see is asked in every one."""
