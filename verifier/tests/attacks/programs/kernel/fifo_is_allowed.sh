# Pipes with names are no devices: the shell needs them.
# expect: exit=0 limit=none stdout=a
mkfifo pipe || echo refused
echo a > pipe &
cat pipe
wait
