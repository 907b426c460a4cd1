"""How good the rules are: on labelled patients (`evaluate`) and on simulated ones (`simulate`)."""
