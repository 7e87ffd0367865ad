from . import fiche
from . import referral
