from . import link_file
