from . import service_type
from . import qualification
from . import qualification_record
from . import qualification_validity
