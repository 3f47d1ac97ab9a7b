"""The codebook: of every question what was asked, of whom, and with which codes."""
