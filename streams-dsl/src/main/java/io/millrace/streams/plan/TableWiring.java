package io.millrace.streams.plan;

import io.millrace.streams.topology.Node;
import io.millrace.streams.topology.Operation;
import io.millrace.streams.topology.Operation.JoinKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which tables keep their rows, and which of them tell the row before with each update. Pure; computed once per fragment.
 *
 * <p>A table keeps no more than what is asked of it: the demands go from each operator up to the tables it reads, in the
 * order in which the topology was written. The order matters in one place, as in Kafka Streams: a filter learns the row before
 * only if the table above it was already kept when the filter was added, or if somebody below the filter needs it.
 */
public final class TableWiring {

    private final Map<String, Node> nodes = new HashMap<>();
    private final Set<String> keepsRows = new HashSet<>();
    private final Set<String> sendsOld = new HashSet<>();
    private final Set<String> lookedUp = new HashSet<>();
    private final Set<String> joinedWithTables = new HashSet<>();

    /**
     * Of the tables in one fragment. What is asked of a copy in another fragment is asked of the table too: users wrote one.
     *
     * @param all fragments of the plan
     * @param copies as in {@link Plan}
     */
    public TableWiring(Fragment fragment, List<Fragment> all, Map<String, String> copies) {
        this(fragment.nodes());
        for (Fragment other : all) {
            if (other.index() != fragment.index()) {
                for (String id : new TableWiring(other.nodes()).sendsOld) {
                    String table = copies.get(id);
                    if (table != null) {
                        demandOld(table, true);
                    }
                }
            }
        }
    }

    private TableWiring(List<Node> inOrder) {
        for (Node node : inOrder) {
            nodes.put(node.id(), node);
        }
        for (Node node : inOrder) {
            demand(node);
        }
    }

    /** Whether a table made of a topic or a stream keeps its rows. */
    public boolean keepsRows(Node node) {
        return keepsRows.contains(node.id());
    }

    /** Whether the node's updates say what the row was before. */
    public boolean sendsOld(Node node) {
        return sendsOld.contains(node.id());
    }

    /** Whether somebody looks up rows of this aggregate. */
    public boolean isLookedUp(Node node) {
        return lookedUp.contains(node.id());
    }

    /** Whether another table is joined with this one: then what is looked up must be what was handed on. */
    public boolean isJoinedWithTable(Node node) {
        return joinedWithTables.contains(node.id());
    }

    private void demand(Node node) {
        Operation operation = node.operation();
        if (operation instanceof Operation.TableFilter) {
            if (demandOld(node.inputs().get(0), false)) {
                sendsOld.add(node.id());
            }
        } else if (operation instanceof Operation.TableGroupBy) {
            demandOld(node.inputs().get(0), true);
        } else if (operation instanceof Operation.JoinStreamTable) {
            demandRows(node.inputs().get(1), false);
        } else if (operation instanceof Operation.JoinTableTable join) {
            if (join.kind() != JoinKind.INNER) {
                demandOld(node.inputs().get(0), true);
            }
            if (join.kind() == JoinKind.OUTER) {
                demandOld(node.inputs().get(1), true);
            }
            demandRows(node.inputs().get(0), true);
            demandRows(node.inputs().get(1), true);
        }
    }

    /** Returns whether the table can tell the row before. */
    private boolean demandOld(String id, boolean force) {
        Node node = nodes.get(id);
        if (node == null || sendsOld.contains(id)) {
            return true;
        }
        Operation operation = node.operation();
        boolean tells = true;
        if (operation instanceof Operation.ReadTable || operation instanceof Operation.StreamToTable) {
            tells = force || keepsRows.contains(id);
            if (tells) {
                keepsRows.add(id);
            }
        } else if (operation instanceof Operation.TableFilter || operation instanceof Operation.TableMapValues) {
            tells = demandOld(node.inputs().get(0), force);
        } else if (operation instanceof Operation.JoinTableTable) {
            demandOld(node.inputs().get(0), true);
            demandOld(node.inputs().get(1), true);
        }
        if (tells) {
            sendsOld.add(id);
        }
        return tells;
    }

    private void demandRows(String id, boolean byTable) {
        Node node = nodes.get(id);
        if (node == null) {
            return;
        }
        Operation operation = node.operation();
        if (operation instanceof Operation.ReadTable || operation instanceof Operation.StreamToTable) {
            keepsRows.add(id);
        } else if (operation instanceof Operation.TableFilter || operation instanceof Operation.TableMapValues) {
            demandRows(node.inputs().get(0), byTable);
        } else if (operation instanceof Operation.JoinTableTable) {
            demandRows(node.inputs().get(0), byTable);
            demandRows(node.inputs().get(1), byTable);
        } else {
            lookedUp.add(id);
            if (byTable) {
                joinedWithTables.add(id);
            }
        }
    }
}
