#pragma once
// libusb's header; nothing of ours: what we use of it imports as it is.
#include <libusb.h>
