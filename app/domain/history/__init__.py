"""Figures of past days: what is summed up, what may be told of it, and what each figure means.

tallies   all that adds up, of calls, contacts, cases and presence together
parts     what of a day may be told where no group of fewer than five people may be
figures   each figure once: name, formula, value; table, chart and export show these
requests  what is asked: days, a grouping, a group; and the answer
"""
