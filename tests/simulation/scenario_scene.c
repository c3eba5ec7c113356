/* What is in the project before anybody uploads. */
#include "model.h"
#include "scenario.h"

static void make_users(struct model_node *node)
{
    node->users = true;
    node->listed_ms = node->searched_ms = 0;
}

/* Things that look like ours and are not, and in some projects a root module that is there already. */
void scenario_set_scene(const struct scenario *s, struct model *m)
{
    struct rng rng = rng_keyed(s->seed, 0x75736572);
    if (rng_once_in(&rng, 2))
        return;
    struct model_node *cycle = model_add_node(m, NODE_CYCLE, PLACE_ROOT, 0, "Nightly 2");
    int64_t cycle_id = cycle->id;
    make_users(cycle);
    make_users(model_add_node(m, NODE_SUITE, PLACE_CYCLE, cycle_id, "Chrome"));
    make_users(model_add_node(m, NODE_SUITE, PLACE_ROOT, 0, "Chrome"));
    struct model_node *module = model_add_node(m, NODE_MODULE, PLACE_ROOT, 0, "Manual");
    int64_t module_id = module->id;
    make_users(module);
    make_users(model_add_node(m, NODE_MODULE, PLACE_ROOT, module_id, "Shop"));
    struct model_case *test_case = model_add_case(m, module_id, "Login", "com.example.Login#works");
    test_case->users = true;
    if (rng_once_in(&rng, 2))
        make_users(model_add_node(m, NODE_MODULE, PLACE_ROOT, 0, "TestProject"));
}
