using Speedup.Cli;
using Speedup.Cli.Terminals;

return await new SpeedupTool(new Terminal(Console.Out, Console.Error, showsProgress: !Console.IsErrorRedirected)).RunAsync(args);
