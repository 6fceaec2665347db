using Speedup.Cli;
using Speedup.Cli.Terminals;

var terminal = new Terminal(Console.Out, Console.Error, showsProgress: !Console.IsErrorRedirected);
using var interruption = new Interruption(terminal);
return await new SpeedupTool(terminal).RunAsync(args, interruption.Token);
