# The fork bomb of the textbooks.
# expect: limit=processes or limit=cpu or limit=wall
# limits: processes=16 cpu=0.5 wall=4
bomb() {
    bomb | bomb &
}
bomb
while :; do wait; done
