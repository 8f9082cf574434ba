"""What is looked at to tell how an installation is: one list, which `headway doctor` and a server's health show."""
