# cmake -DCARD=… -DROOT=… -DOUTPUT=… -P apply_card.cmake: writes the mutated source file of a card. Fails when a text to
# replace is not there exactly once, for then nobody knows what the mutant would be.

function(replace old new)
  if(NOT DEFINED text)
    file(READ ${ROOT}/${source} text)
  endif()
  string(FIND "${text}" "${old}" first)
  string(FIND "${text}" "${old}" last REVERSE)
  if(first EQUAL -1)
    message(FATAL_ERROR "${CARD}: this text is not in ${source}, adapt the card: ${old}")
  elseif(NOT first EQUAL last)
    message(FATAL_ERROR "${CARD}: this text is in ${source} more than once, add some of its surroundings: ${old}")
  endif()
  string(REPLACE "${old}" "${new}" text "${text}")
  set(text "${text}" PARENT_SCOPE)
endfunction()

include(${CARD})
if(NOT DEFINED text)
  message(FATAL_ERROR "${CARD}: replaces nothing")
endif()
file(WRITE ${OUTPUT} "// ${source} as mutated by ${CARD}\n${text}")
