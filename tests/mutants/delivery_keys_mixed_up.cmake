# Messages of one key are spread over two lanes.
set(source src/protocols/delivery/per_key.cpp)
replace([[    return item ? item->key : 0;]] [[    return item ? static_cast<std::uint32_t>(item->number % 2) : 0;]])
set(scenario tests/mutants/delivery_keys.yaml)
set(checker key_order)
