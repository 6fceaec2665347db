using TorchSharp.Modules;
using static TorchSharp.torch;

namespace EndToEnd.Tests.State;

/// <summary>Two convolutions with something between them that one call leaves to the next.</summary>
internal sealed class StatefulConvolutions : nn.Module<Tensor, Tensor>
{
    public static readonly string[] Kinds =
    [
        "moving mean in a buffer",
        "gate in a buffer",
        "counter in a buffer",
        "last frame in a field",
        "path by a counter",
        "addend by a counter",
        "factor by a counter in an object",
        "window of frames in a queue",
        "window of frames in a list",
        "memory bank",
        "running moments",
        "difference to the last frame",
        "pair in a tuple",
        "buffer registered anew",
        "buffer replaced in its field",
        "buffer disposed and replaced",
        "filled slots",
        "static counter",
        "counter in an array",
        "delay of two frames",
        "roll by a counter",
        "channels chosen by a counter",
        "rows chosen by a counter",
    ];

    private static int all;
    private readonly Conv2d first = nn.Conv2d(3, 8, 3);
    private readonly Conv2d last = nn.Conv2d(8, 4, 1);
    private readonly Tensor buffer = zeros(1, 8, 1, 1);
    private readonly Tensor bank = zeros(4, 8, 1, 1);
    private readonly string kind;
    private readonly Clock clock = new();
    private readonly Queue<Tensor> queue = new();
    private readonly List<Tensor> list = [];
    private readonly int[] counts = new int[2];
    private Tensor replaced = zeros(1, 8, 1, 1);
    private Tensor? frame;
    private Tensor? older;
    private (Tensor? Mean, int Count) pair;
    private int calls;

    public StatefulConvolutions(string kind)
        : base(nameof(StatefulConvolutions))
    {
        this.kind = kind;
        all = 0;
        register_buffer(nameof(buffer), buffer);
        register_buffer(nameof(bank), bank);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => last.forward(Mix(first.forward(input)));

    private Tensor Mix(Tensor y)
    {
        Tensor mean = y.mean([0L, 2L, 3L], keepdim: true);
        Tensor result;
        switch (kind)
        {
            case "moving mean in a buffer":
                result = y - buffer;
                buffer.mul_(0.5).add_(mean, 0.5);
                return result;
            case "gate in a buffer":
                result = y * buffer;
                buffer.fill_(1);
                return result;
            case "counter in a buffer":
                buffer.add_(1);
                return y * buffer;
            case "last frame in a field":
                result = frame is null ? y : y + frame;
                frame = mean.DetachFromDisposeScope();
                return result;
            case "path by a counter":
                return calls++ > 0 ? y.roll(1, 1) : y;
            case "addend by a counter":
                return y + ++calls;
            case "factor by a counter in an object":
                return y * ++clock.Ticks;
            case "static counter":
                return y + ++all;
            case "counter in an array":
                return y * ++counts[1];
            case "window of frames in a queue":
                queue.Enqueue(mean.DetachFromDisposeScope());
                if (queue.Count > 2)
                    queue.Dequeue();
                return y - queue.Peek();
            case "window of frames in a list":
                list.Add(mean.DetachFromDisposeScope());
                if (list.Count > 2)
                    list.RemoveAt(0);
                return y + cat(list).sum(0, keepdim: true);
            case "memory bank":
                bank[calls++ % 4] = mean.squeeze(0);
                return y + bank.mean([0L], keepdim: true);
            case "running moments":
                buffer.copy_((buffer * 0.9) + (mean * 0.1));
                return (y - buffer) * 2;
            case "difference to the last frame":
                result = frame is null || !frame.shape.SequenceEqual(y.shape) ? y : y - frame;
                frame = y.alias().DetachFromDisposeScope();
                return result;
            case "pair in a tuple":
                result = pair.Mean is null ? y : y - (pair.Mean / pair.Count);
                pair = ((pair.Mean is null ? mean : pair.Mean + mean).DetachFromDisposeScope(), pair.Count + 1);
                return result;
            case "buffer registered anew":
                result = y + replaced;
                replaced = mean.DetachFromDisposeScope();
                _internal_buffers.Remove(nameof(replaced));
                register_buffer(nameof(replaced), replaced);
                return result;
            case "buffer replaced in its field":
                result = y + replaced;
                replaced = mean.DetachFromDisposeScope();
                return result;
            case "buffer disposed and replaced":
                result = y + replaced;
                replaced.Dispose();
                replaced = mean.DetachFromDisposeScope();
                return result;
            case "filled slots":
                frame = cat([(frame ?? zeros(4, 8, 1, 1))[1..], mean]).DetachFromDisposeScope();
                return y + frame[..1];
            case "delay of two frames":
                result = older is null ? y : y + older;
                older = frame;
                frame = mean.DetachFromDisposeScope();
                return result;
            case "roll by a counter":
                return y.roll(++calls, 1);
            case "channels chosen by a counter":
                result = y.narrow(1, ++calls % 5, 4);
                return cat([result, result], 1);
            case "rows chosen by a counter":
                return y.narrow(2, ++calls % 3, 4);
            default:
                throw new ArgumentException(kind);
        }
    }

    private sealed class Clock
    {
        public int Ticks { get; set; }
    }
}
