using System.Collections.Immutable;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>A module is replaced wherever the model's objects refer to it: in structures, containers that can only be read, bound delegates.</summary>
public sealed class HeldModuleTests
{
    public static TheoryData<string> Names => [.. Holders.Keys];

    /// <summary>Ways to hold a module, each with the function that uses it from there.</summary>
    private static Dictionary<string, Func<Conv2d, Func<Tensor, Tensor>>> Holders { get; } =
        new(StringComparer.Ordinal)
        {
            ["tuple"] = conv => Use((conv, 1), held => held.conv),
            ["class tuple"] = conv => Use(Tuple.Create(conv, 1), held => held.Item1),
            ["nullable tuple"] = conv => Use<(Conv2d Conv, int)?>((conv, 1), held => held!.Value.Conv),
            ["array of tuples"] = conv => Use(new[] { (conv, 1) }, held => held[0].conv),
            ["list of tuples"] = conv => Use(new List<(Conv2d Conv, int)> { (conv, 1) }, held => held[0].Conv),
            ["dictionary of tuples"] = conv =>
                Use(new Dictionary<string, (Conv2d Conv, int)> { ["a"] = (conv, 1) }, held => held["a"].Conv),
            ["pair of a dictionary"] = conv => Use(KeyValuePair.Create("a", conv), held => held.Value),
            ["structure"] = conv => Use(new Pair { First = conv }, held => held.First),
            ["array of structures"] = conv => Use(new[] { new Pair { First = conv } }, held => held[0].First),
            ["structure in a structure"] = conv => Use((1, new Pair { First = conv }), held => held.Item2.First),
            ["record"] = conv => Use(new Held(conv), held => held.Conv),
            ["list of records"] = conv => Use(new List<Held> { new(conv) }, held => held[0].Conv),
            ["lazy value"] = UseLazy,
            ["queue"] = conv => Use(new Queue<Conv2d>([conv]), held => held.Peek()),
            ["stack"] = conv => Use(new Stack<Conv2d>([conv]), held => held.Peek()),
            ["linked list"] = conv => Use(new LinkedList<Conv2d>([conv]), held => held.First!.Value),
            ["set"] = conv => Use(new HashSet<Conv2d> { conv }, held => held.First(member => held.Contains(member))),
            ["sorted dictionary"] = conv => Use(new SortedDictionary<int, Conv2d> { [1] = conv }, held => held[1]),
            ["immutable array"] = conv => Use(ImmutableArray.Create(conv), held => held[0]),
            ["immutable list"] = conv => Use(ImmutableList.Create(conv), held => held[0]),
            ["list that can only be read"] = conv => Use(new List<Conv2d> { conv }.AsReadOnly(), held => held[0]),
            ["array of two axes"] = conv =>
                Use(
                    new[,]
                    {
                        { null, conv },
                    },
                    held => held[0, 1]!
                ),
            ["array of arrays"] = conv => Use(new[] { new[] { conv } }, held => held[0][0]),
            ["memory"] = conv => Use(new Memory<Conv2d>([conv]), held => held.Span[0]),
            ["finished task"] = conv => Use(Task.FromResult(conv), held => held.GetAwaiter().GetResult()),
            ["bound delegate"] = conv => conv.forward,
            ["bound delegates"] = conv => Call(new List<Func<Tensor, Tensor>> { x => x.relu(), conv.forward }, held => held[1]),
            ["bound delegate in a tuple"] = conv => Call(((Func<Tensor, Tensor>)conv.forward, 1), held => held.Item1),
            ["the last of several functions"] = UseLast,
        };

    [Theory]
    [MemberData(nameof(Names))]
    public void Speedup_IsExactInPlainPasses(string name) => UnusualModel.AssertExact(() => new Model(Holders[name]));

    private static Func<Tensor, Tensor> Use<T>(T held, Func<T, Conv2d> find)
    {
        var holder = new Holder<T>(held);
        return x => find(holder.Value).forward(x);
    }

    private static Func<Tensor, Tensor> Call<T>(T held, Func<T, Func<Tensor, Tensor>> find)
    {
        var holder = new Holder<T>(held);
        return x => find(holder.Value)(x);
    }

    private static Func<Tensor, Tensor> UseLazy(Conv2d conv)
    {
        var lazy = new Lazy<Conv2d>(() => conv);
        _ = lazy.Value;
        return Use(lazy, held => held.Value);
    }

    private static Func<Tensor, Tensor> UseLast(Conv2d conv)
    {
        Func<Tensor, Tensor> several = nn.Identity().forward;
        several += conv.forward;
        return Call(several, held => held);
    }

    private sealed class Holder<T>(T value)
    {
        public T Value { get; } = value;
    }

    private struct Pair
    {
        public Conv2d First;
    }

    private sealed record Held(Conv2d Conv);

    private sealed class Model : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d first = nn.Conv2d(3, 8, 3);
        private readonly Conv2d last = nn.Conv2d(8, 4, 1);
        private readonly Func<Tensor, Tensor> use;

        public Model(Func<Conv2d, Func<Tensor, Tensor>> hold)
            : base("held")
        {
            RegisterComponents();
            use = hold(last);
        }

        public override Tensor forward(Tensor input) => use(first.forward(input).relu());
    }
}
