/* A maximum-weight matching as a circulation of least cost: from a hub to a newcomer, at the cost of minus the weight
 * to a volunteer, and back. The simplex was quicker with it than with newcomers as supplies and a sink. */
#include "peer.h"

#include <ctime>
#include <vector>

#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int64_t peer_solve(int lefts, int rights, const int *right_capacity, const struct peer_edge *edges,
                   size_t edge_count, struct peer_time *ret_time)
{
    lemon::SmartDigraph graph;
    graph.reserveNode(lefts + rights + 1);
    graph.reserveArc((int)edge_count + lefts + rights);
    std::vector<lemon::SmartDigraph::Node> nodes;
    for (int i = 0; i < lefts + rights + 1; i++)
        nodes.push_back(graph.addNode());
    lemon::SmartDigraph::Node hub = nodes[lefts + rights];
    lemon::SmartDigraph::ArcMap<int64_t> cost(graph), room(graph);
    auto arc = [&](lemon::SmartDigraph::Node from, lemon::SmartDigraph::Node to, int64_t asked, int64_t most) {
        lemon::SmartDigraph::Arc a = graph.addArc(from, to);
        cost[a] = asked;
        room[a] = most;
    };
    for (size_t i = 0; i < edge_count; i++)
        arc(nodes[edges[i].left], nodes[lefts + edges[i].right], -edges[i].weight, 1);
    for (int i = 0; i < lefts; i++)
        arc(hub, nodes[i], 0, 1);
    for (int i = 0; i < rights; i++)
        arc(nodes[lefts + i], hub, 0, right_capacity[i]);

    lemon::NetworkSimplex<lemon::SmartDigraph, int64_t, int64_t> simplex(graph);
    simplex.costMap(cost).upperMap(room);
    double cpu = seconds(CLOCK_THREAD_CPUTIME_ID), wall = seconds(CLOCK_MONOTONIC);
    auto status = simplex.run();
    ret_time->cpu_s = seconds(CLOCK_THREAD_CPUTIME_ID) - cpu;
    ret_time->wall_s = seconds(CLOCK_MONOTONIC) - wall;
    return status == simplex.OPTIMAL ? -simplex.totalCost<int64_t>() : -1;
}
