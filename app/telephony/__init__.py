"""Where calls come from: demo line, softphone (`sip`), PBX (`ami`), gateway (`shared`), or two as one (`joined`)."""
