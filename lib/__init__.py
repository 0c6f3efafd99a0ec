"""LayerLab's library: specs, concepts, data and figures below; engine and worker beside; ui on top."""
