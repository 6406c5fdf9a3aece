"""How a list goes on from page to page, and where it ends; see core/induce/pagination for how that is learned."""
