"""What imports what, in the whole project: imports inside functions and for type checkers alone count."""

import grimp


def test_no_module_imports_itself_in_a_circle() -> None:
    graph = grimp.build_graph("connectors", "widgets", "tui", cache_dir=None)
    assert len(graph.modules) > 100
    circles = [
        [module, *back]
        for module in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(module))
        if (back := graph.find_shortest_chain(importer=imported, imported=module))
    ]
    assert circles == []
