using Speedup.Cli;

return await new SpeedupTool(new Terminal(Console.Out, Console.Error, showsProgress: !Console.IsErrorRedirected)).RunAsync(args);
