from . import qualification_question
