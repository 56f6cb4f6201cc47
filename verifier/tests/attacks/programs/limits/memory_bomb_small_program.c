// Fills kernel memory from processes that are smaller themselves than the cell's first process.
// expect: limit=memory
// limits: memory=24M
#define _GNU_SOURCE
#include <unistd.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <string.h>
#include <stdio.h>
#include <sys/resource.h>
char b[65536];
int main(void){
  /* fill kernel memory: pipes, socket queues, in several children with tiny rss */
  for(int k=0;k<8;k++) if(fork()==0) break;
  for(int i=0;i<60;i++){int p[2]; if(pipe(p)) break; fcntl(p[1],F_SETPIPE_SZ,1<<20); fcntl(p[1],F_SETFL,O_NONBLOCK); while(write(p[1],b,65536)>0);}
  pause();
}
