"""Planning: how many people to ask, how to share them out, and which ones they are.

>>> from datetime import date
>>> import pandas as pd
>>> from survey_kit.design.design import Sampling
>>> from survey_kit.design.planning.allocation import SQUARE_ROOT, allocate
>>> from survey_kit.design.planning.effects import design_effect
>>> from survey_kit.design.planning.fieldwork import Fieldwork
>>> from survey_kit.design.planning.methods.systematic import PPS_SYSTEMATIC
>>> from survey_kit.design.planning.precision import sample_size_for_share
>>> from survey_kit.design.planning.selection import select

How many:

>>> fieldwork = Fieldwork(Sampling.PROBABILITY, effect=design_effect(take=10, icc=0.05))
>>> plan = sample_size_for_share(0.3, margin=0.05, fieldwork=fieldwork)
>>> plan.interviews, plan.clusters
(468, 47)

Where:

>>> allocation = allocate(plan.clusters, {"north": 400, "south": 100})
>>> allocate(plan.clusters, {"north": 400, "south": 100}, SQUARE_ROOT).counts
{'north': 31, 'south': 16}
>>> allocation.counts
{'north': 38, 'south': 9}

Which ones, with the record that draws them again:

>>> villages = pd.DataFrame({
...     "village": range(500),
...     "region": ["north"] * 400 + ["south"] * 100,
...     "households": [20 + number % 80 for number in range(500)],
... })
>>> drawn = select(villages, allocation.counts, PPS_SYSTEMATIC, seed=2026, on=date(2026, 11, 21),
...     key="village", stratum="region", size="households")
>>> print(drawn.sentence)
47 of 500 units were drawn by systematic sampling with probability proportional to size \
('households'), in 2 strata ('region').
"""
