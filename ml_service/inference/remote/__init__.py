"""An encoder on another machine: reached, bounded, proven, and never taken for another one."""
