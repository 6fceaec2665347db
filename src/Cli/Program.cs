using Speedup.Cli;

return await new SpeedupTool(new Terminal(Console.Out, Console.Error)).RunAsync(args);
