// A file descriptor's end, under a name that cannot be taken for a method's.

import Glibc

/// Closes a descriptor. Nothing can be done about a failure, and Linux frees the number anyway.
func closeDescriptor(_ descriptor: Int32) { _ = close(descriptor) }
