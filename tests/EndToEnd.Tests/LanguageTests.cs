using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>What C# offers between two layers: each construct compiles to code that the tracer must re-emit as it is.</summary>
public sealed class LanguageTests
{
    private static readonly Lock Gate = new();
    private static Tensor? cached;

    private interface IFunction
    {
        static abstract Tensor Apply(Tensor x);
    }

    private interface IActivation
    {
        Tensor Apply(Tensor x) => x.relu() * 2;
    }

    public static TheoryData<string> Names => [.. Constructs.Keys];

    private static Dictionary<string, Func<Tensor, Tensor>> Constructs { get; } =
        new(StringComparer.Ordinal)
        {
            ["catch with a condition"] = Catch,
            ["lock"] = Lock,
            ["span on the stack"] = OnStack,
            ["list pattern"] = x => x.shape is [_, _, > 0, _] ? x.relu() : x,
            ["switch on text"] = x => ByName(x, "relu"),
            ["goto"] = Repeat,
            ["generic method"] = x => Scale<float>(x),
            ["generic class"] = x => new Generic<int>().Run(x),
            ["static member of an interface"] = x => Apply<Doubling>(x),
            ["static member of an interface as a delegate"] = x => ApplyTwice<Doubling>(x),
            ["default member of an interface"] = x => ((IActivation)new Activation()).Apply(x),
            ["local functions"] = Local,
            ["parameters in a span"] = x => Sum(x, x.relu(), x.sigmoid()),
            ["reference returned"] = ByReference,
            ["read-only reference"] = x => ReadOnly(in x),
            ["structure that lives on the stack"] = x => new OnlyOnStack { Value = x }.Relu(),
            ["recursion"] = x => Recurse(x, 3),
            ["text with numbers"] = x => $"{x.shape[1]:00} of {x.dtype}".Length > 0 ? x.relu() : x,
            ["missing tensor"] = x => OrElse(null, x),
            ["tuple taken apart"] = Apart,
            ["thread of the pool"] = x => Task.Run(() => x.relu(), TestContext.Current.CancellationToken).GetAwaiter().GetResult(),
            ["event"] = x => new Raiser().Run(x),
            ["operator of a user's type"] = x => (new Wrapped(x) + new Wrapped(x.relu())).Value,
            ["conversion of a user's type"] = x => ((Tensor)(Wrapped)x).relu(),
            ["indexer"] = x => new Indexed(x)[2],
            ["property that computes"] = x => new Indexed(x).Active,
            ["static field"] = Cache,
            ["query"] = x => (from i in Enumerable.Range(1, 3) select x * i).Aggregate((a, b) => a + b),
            ["zip"] = x => new[] { x, x.relu() }.Zip([1f, 2f], (a, b) => a * b).Aggregate((a, b) => a + b),
            ["spread elements"] = x => Sum([x, .. new[] { x.relu() }]),
            ["ranges"] = x => x[.., .., 1..],
        };

    [Theory]
    [MemberData(nameof(Names))]
    public void Speedup_IsExactInPlainPasses(string name) => UnusualModel.AssertExact(() => new Model(Constructs[name]));

    private static Tensor Catch(Tensor x)
    {
        try
        {
            throw new InvalidOperationException("known");
        }
        catch (InvalidOperationException expected) when (expected.Message == "known")
        {
            return x.relu();
        }
        finally
        {
            GC.KeepAlive(x);
        }
    }

    private static Tensor Lock(Tensor x)
    {
        lock (Gate)
            return x.relu();
    }

    private static Tensor OnStack(Tensor x)
    {
        Span<long> shape = stackalloc long[4];
        x.shape.CopyTo(shape);
        return x * (float)shape.Length;
    }

    private static Tensor ByName(Tensor x, string name) =>
        name switch
        {
            "relu" => x.relu(),
            "tanh" => x.tanh(),
            "silu" => x.silu(),
            "gelu" => x.gelu(),
            "mish" => nn.functional.mish(x),
            "sigmoid" => x.sigmoid(),
            "none" => x,
            _ => throw new ArgumentException(name, nameof(name)),
        };

    private static Tensor Repeat(Tensor x)
    {
        int count = 0;
        again:
        x = x * 1.5f;
        if (++count < 3)
            goto again;
        return x;
    }

    private static Tensor Scale<T>(Tensor x)
        where T : unmanaged => x * (typeof(T) == typeof(float) ? 2 : 1);

    private static Tensor Apply<T>(Tensor x)
        where T : IFunction => T.Apply(x);

    private static Tensor ApplyTwice<T>(Tensor x)
        where T : IFunction
    {
        Func<Tensor, Tensor> function = T.Apply;
        return function(function(x));
    }

    private static Tensor Local(Tensor x)
    {
        float scale = 2;
        return Twice(Twice(x));

        Tensor Twice(Tensor y) => y * scale;
    }

    private static Tensor Sum(params ReadOnlySpan<Tensor> parts)
    {
        Tensor sum = parts[0];
        foreach (Tensor part in parts[1..])
            sum = sum + part;
        return sum;
    }

    private static ref Tensor First(Tensor[] all) => ref all[0];

    private static Tensor ByReference(Tensor x)
    {
        Tensor[] all = [x];
        ref Tensor first = ref First(all);
        first = first.relu();
        return all[0];
    }

    private static Tensor ReadOnly(in Tensor x) => x.relu();

    private static Tensor Recurse(Tensor x, int depth) => depth == 0 ? x : Recurse(x.tanh(), depth - 1);

    private static Tensor OrElse(Tensor? first, Tensor second) => first?.relu() ?? second.relu();

    private static (Tensor, Tensor) Two(Tensor x) => (x, x.relu());

    private static Tensor Apart(Tensor x)
    {
        (Tensor first, Tensor second) = Two(x);
        return first + second;
    }

    private static Tensor Cache(Tensor x)
    {
        cached = x.relu();
        return cached;
    }

    private ref struct OnlyOnStack
    {
        public Tensor Value;

        public readonly Tensor Relu() => Value.relu();
    }

    private sealed class Doubling : IFunction
    {
        public static Tensor Apply(Tensor x) => x * 2;
    }

    private sealed class Activation : IActivation;

    private sealed class Generic<T>
    {
        public Tensor Run(Tensor x) => Inner<string>(x);

        private static Tensor Inner<TOther>(Tensor x) => typeof(T) != typeof(TOther) ? x.relu() : x;
    }

    private sealed class Raiser
    {
        private event Func<Tensor, Tensor>? Raised;

        public Tensor Run(Tensor x)
        {
            Raised += y => y.relu();
            return Raised!(x);
        }
    }

    private sealed class Wrapped(Tensor value)
    {
        public Tensor Value { get; } = value;

        public static Wrapped operator +(Wrapped left, Wrapped right) => new(left.Value + right.Value);

        public static explicit operator Wrapped(Tensor value) => new(value * 2);

        public static explicit operator Tensor(Wrapped wrapped) => wrapped.Value * 3;
    }

    private sealed class Indexed(Tensor x)
    {
        public Tensor Active => x.relu();

        public Tensor this[int scale] => x * scale;
    }

    private sealed class Model : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d first = nn.Conv2d(3, 8, 3);
        private readonly Conv2d last = nn.Conv2d(8, 4, 1);
        private readonly Func<Tensor, Tensor> function;

        public Model(Func<Tensor, Tensor> function)
            : base("construct")
        {
            this.function = function;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => last.forward(function(first.forward(input)));
    }
}
