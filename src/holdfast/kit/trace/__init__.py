"""Who got it: from affected lots to order lines, each with its certainty and the reason.

Here now: residence windows, the certainty rules and picking inference, at the size of
one shop. The lot graph, the postings and the container sessions of the large engine join this
folder as modules of their own; `certainty.Inside` is the seam they plug into.
"""
