"""Every file one part of the lecture, named by the lecture's word; adding a part means adding a file."""
